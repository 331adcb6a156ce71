import { until } from '../../live/reassign-support.js'
import type { Fault } from './fault.js'
import { exited, fail, reportOf, same, type World } from './world.js'

const SLOW = ['--throttle', '1MB', '--max-partitions', '1', '--json-events']
const MOVES = 6
const BYSTANDER = 4

/** How many moves have begun, by the events of a run. */
const begun = (events: string): number => events.split('"submitted"').length - 1

/** A broker that no move needs goes away: nothing more is started, it says why, and goes on when the broker is back. */
async function loseBystander(world: World): Promise<string> {
  const topic = await world.topic(
    Array.from({ length: MOVES }, () => [1, 2]),
    4,
  )
  const file = await world.planFile(
    topic,
    Array.from({ length: MOVES }, () => [1, 3]),
  )
  const running = world.operator().start(['reassign', 'execute', file, ...world.at, ...SLOW])
  await world.copying(running)
  await world.lab.kill(BYSTANDER)
  await until('it says that it waits', 90_000, () => running.stdout().includes('"BROKER_GONE"'))
  const before = begun(running.stdout())
  if (before === MOVES) fail('all moves had been begun when the broker was missed')
  if (!running.stdout().includes(`broker ${BYSTANDER} went away`)) fail('it does not say why')
  await world.lab.start(BYSTANDER)
  const ran = await running.ended
  exited(ran, 0)
  const wentOn = /"GOING_ON"|"BROKER_STAYS_AWAY"/.exec(ran.stdout)?.[0]
  if (wentOn === undefined) fail('it does not say that it goes on')
  const upTo = ran.stdout.slice(0, ran.stdout.indexOf(wentOn))
  same('moves begun while it waited', begun(upTo), before)
  same(
    'places',
    await world.places(topic),
    Array.from({ length: MOVES }, () => '1,3 led by 1'),
  )
  same('debts', reportOf(ran).debts, [])
  await world.alive([1, 2, 3, 4])
  await world.whole()
  await world.settle()
  return `${before} of ${MOVES} begun when it paused, ${wentOn}`
}

export const lostBystanders: Fault = {
  id: 'AWAY',
  what: 'a broker that no move needs goes away: nothing is started, the reason is said, and it goes on',
  times: 3,
  run: loseBystander,
}
