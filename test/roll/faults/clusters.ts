import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

import zookeeper from 'node-zookeeper-client'

import { createTopic } from '../../lab/index.js'
import { fill, until } from '../../live/reassign-support.js'
import { deleteTopic } from './delete-topic.js'
import type { RollFault } from './fault.js'
import type { RollWorld } from './roll-world.js'

const SV = 'sv'

const otherDies: RollFault = {
  id: 'other-dies',
  what: 'stops nothing after a broker outside of the roll was killed, although the others still name it (5)',
  run: async (world) => {
    const service = world.serviceOf(3)
    const kill = `sv -w 0 down ${service}; sv kill ${service}`
    const args = ['--brokers', '1', '--local', '--pre-stop', kill, '--recovery-stall', '6s']
    try {
      await world.expectRoll(world.restart(args), { exit: 5, says: /GATE_STALLED/ })
    } finally {
      execFileSync(SV, ['up', service])
    }
  },
}

const WORK = 'moving'
const MOVE = { topic: WORK, partition: 0, replicas: [1, 3], allowReplicationFactorChange: false }

/** Slows the copy of a partition down so far that it goes on for as long as it is needed. */
async function beginSlowMove({ cluster, lab }: RollWorld): Promise<void> {
  await createTopic(lab, WORK, [[1, 2]], { 'min.insync.replicas': '1' })
  await fill(lab.bootstrapServers, WORK, [0], 4)
  const broker = { type: 'broker', name: '1' } as const
  const topic = { type: 'topic', name: WORK } as const
  const op = 'set' as const
  await cluster.writer.alterConfigs([
    { resource: broker, name: 'leader.replication.throttled.rate', op, value: '1000' },
    { resource: topic, name: 'leader.replication.throttled.replicas', op, value: '0:1' },
  ])
  await cluster.writer.submitReassignments([MOVE])
}

async function endMove({ cluster, lab }: RollWorld): Promise<void> {
  await cluster.writer.submitReassignments([{ ...MOVE, replicas: [1, 2] }])
  const name = 'leader.replication.throttled.rate'
  await cluster.writer.alterConfigs([
    { resource: { type: 'broker', name: '1' }, name, op: 'delete' },
  ])
  await deleteTopic(lab, WORK)
}

const moveInFlight: RollFault = {
  id: 'reassignment',
  what: 'refuses while a partition is being reassigned, by name (3)',
  run: async (world) => {
    await beginSlowMove(world)
    try {
      const says = /REASSIGNMENT_IN_FLIGHT[^]*moving-0|moving-0[^]*REASSIGNMENT_IN_FLIGHT/
      await world.expectRoll(world.restart(['--brokers', '1']), { exit: 3, says })
    } finally {
      await endMove(world)
    }
  },
}

const FLAPS = 3

const flapping: RollFault = {
  id: 'flapping',
  what: 'stops nothing while replicas fall out of sync again and again, and goes on when that is over (0)',
  run: async (world) => {
    const before = world.starts()
    const roll = world.restart(['--brokers', '1', '--local', '--pre-stop', 'sleep 6'])
    await world.expectRoll(
      roll,
      { exit: 0, says: /UNDER_REPLICATED|BROKER_MISSING|EMPTY_ANSWER/, started: [1] },
      async () => {
        await world.untilSaid(roll, /broker 1: runs its pre-stop hook/)
        for (let flap = 0; flap < FLAPS; flap++) {
          world.lab.pause(3)
          await sleep(9_000)
          world.lab.resume(3)
          if (world.starts()[0] !== before[0])
            throw new Error(`broker 1 was stopped in flap ${flap + 1}`)
          await sleep(1_500)
        }
      },
    )
  },
}

const SESSION = { sessionTimeout: 10_000, spinDelay: 50, retries: 5 }

/** Takes the node of the controller away until another broker has won it. */
async function moveController(world: RollWorld, away: number): Promise<number> {
  const client = zookeeper.createClient(world.lab.zookeeperConnect ?? '', SESSION)
  const controller = async (): Promise<number> =>
    (await world.cluster.snapshot()).cluster.controller ?? away
  await new Promise<void>((resolve) => {
    client.once('connected', () => resolve())
    client.connect()
  })
  try {
    await until('another broker is the controller', 120_000, async () => {
      if ((await controller()) !== away) return true
      await new Promise<void>((resolve) => client.remove('/controller', -1, () => resolve()))
      await sleep(1_000)
      return false
    })
    return await controller()
  } finally {
    client.close()
  }
}

const controllerMoves: RollFault = {
  id: 'controller-moves',
  what: 'puts a broker off that becomes the controller while others restart, and restarts it last (0)',
  mode: 'zookeeper',
  run: async (world) => {
    const controller = (await world.cluster.snapshot()).cluster.controller ?? 0
    const hook = 'if [ "$KLINIC_INDEX" = 1 ]; then sleep 25; fi'
    const roll = world.restart(['--local', '--post-start', hook])
    let moved = controller
    const outcome = { exit: 0, says: /"complete":\s*true/, started: world.ids }
    const ran = await world.expectRoll(roll, outcome, async () => {
      await world.untilSaid(roll, /runs its post-start hook/)
      moved = await moveController(world, controller)
    })
    const order = [...ran.stderr.matchAll(/broker (\d+): stops/g)].map(([, id]) => Number(id))
    const first = order[0]
    if (moved !== first && order.at(-1) !== moved)
      throw new Error(`controller ${moved} was not last: ${order.join(', ')}`)
  },
}

/** What happens to the cluster around a roll. */
export const clusters: readonly RollFault[] = [otherDies]

/** The same, for when there is time. */
export const slowClusters: readonly RollFault[] = [moveInFlight, flapping, controllerMoves]
