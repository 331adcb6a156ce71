import type { RollFault } from './fault.js'

const hookFails: RollFault = {
  id: 'hook',
  what: 'stops nothing when the pre-stop hook says no (6)',
  run: (world) =>
    world
      .expectRoll(world.restart(['--pre-stop', 'echo "not now"; exit 7']), {
        exit: 6,
        says: /HOOK_SAID_NO[^]*not now/,
      })
      .then(() => undefined),
}

/** 5 MB on stderr, and a child that keeps the channel open long after the hook has ended. */
const NOISY = "sleep 90 & head -c 5000000 /dev/zero | tr '\\0' x >&2; echo"

const noisyHook: RollFault = {
  id: 'noise-and-two-rolls',
  what: 'is not stopped by a hook that floods stderr and leaves a child behind (0), and a second roll finds the lock taken (75)',
  run: async (world) => {
    const first = world.restart(['--brokers', '1', '--pre-stop', NOISY])
    await world.expectRoll(
      first,
      { exit: 0, says: /"complete":\s*true/, started: [1] },
      async () => {
        await world.untilSaid(first, /broker 1: runs its pre-stop hook/)
        await world.expectRoll(world.restart(['--brokers', '2']), {
          exit: 75,
          says: /LOCK|works on/i,
        })
      },
    )
  },
}

/** What hooks do, and two operators at once. */
export const hooks: readonly RollFault[] = [hookFails, noisyHook]
