import { setTimeout as sleep } from 'node:timers/promises'

import { until } from '../../live/reassign-support.js'
import type { Fault } from './fault.js'
import { exited, fail, reportOf, same, type World } from './world.js'

const NOTICED_WITHIN_MS = 30_000
const SLOW = ['--throttle', '1MB', '--json-events']
const MEGABYTES = 4

/** A target is killed while replicas are copied to it: the others end, it says so, and goes on once the broker is back. */
async function killTarget(world: World): Promise<string> {
  const topic = await world.topic(
    [
      [1, 2],
      [1, 2],
      [3, 2],
    ],
    MEGABYTES,
  )
  const file = await world.planFile(topic, [
    [1, 4],
    [4, 2],
    [1, 2],
  ])
  const operator = world.operator()
  const running = operator.start([
    'reassign',
    'execute',
    file,
    ...world.at,
    ...SLOW,
    '--patience',
    '4s',
  ])
  await world.copying(running)
  await world.lab.kill(4)
  const killedAt = Date.now()
  await until('the death is noticed', NOTICED_WITHIN_MS * 2, () =>
    running.stdout().includes('"BROKER_AWAY"'),
  )
  const noticedMs = Date.now() - killedAt
  if (noticedMs > NOTICED_WITHIN_MS) throw new Error(`noticed only after ${noticedMs} ms`)
  const ran = await running.ended
  exited(ran, 7)
  const { kept, left } = reportOf(ran)
  if (left.length > 0 && kept.length === 0) fail('moves go on, and nothing throttles them')
  same('throttle lists', (await world.throttleLists(topic)).length > 0, left.length > 0)
  same('the move that needs no dead broker', (await world.places(topic))[2], '1,2 led by 1')
  await world.revive(4)
  exited(await operator.run(['reassign', 'resume', ...world.at, '--throttle', '50MB', '--json']), 0)
  same('places', await world.places(topic), ['1,4 led by 1', '4,2 led by 4', '1,2 led by 1'])
  await world.settle()
  return `target: noticed after ${noticedMs} ms`
}

/** The leader that replicas are copied from is killed: the next leader takes over, and a throttle is owed. */
async function killSource(world: World): Promise<string> {
  const topic = await world.topic(
    [
      [1, 2],
      [1, 2],
    ],
    MEGABYTES,
  )
  const file = await world.planFile(
    topic,
    [
      [4, 2],
      [3, 2],
    ].map((list) => list.toReversed()),
  )
  const operator = world.operator()
  const running = operator.start(['reassign', 'execute', file, ...world.at, ...SLOW])
  await world.copying(running)
  await world.lab.kill(1)
  const ran = await running.ended
  exited(ran, 5)
  const { debts } = reportOf(ran)
  same('who owes', [...new Set(debts.map(({ resource }) => resource.name))], ['1'])
  same('places', await world.places(topic), ['2,4 led by 2', '2,3 led by 2'])
  await world.revive(1)
  exited(await operator.run(['reassign', 'cleanup', ...world.at, '--json']), 0)
  await world.settle()
  return `source: ${debts.length} throttle values owed by the dead broker, and paid`
}

/** The controller is killed: its successor knows of the moves, and so does klinic. */
async function killController(world: World): Promise<string> {
  const { controllerId } = await world.cluster.reader.readMetadata({ topics: [] })
  const others = [1, 2, 3, 4].filter((id) => id !== controllerId)
  const [a = 1, b = 2, c = 3] = others
  const topic = await world.topic(
    [
      [a, b],
      [b, a],
    ],
    MEGABYTES,
  )
  const file = await world.planFile(topic, [
    [a, c],
    [c, a],
  ])
  const running = world.operator().start(['reassign', 'execute', file, ...world.at, ...SLOW])
  await world.copying(running)
  if (world.mode === 'kraft') {
    await world.lab.signalQuorum('SIGKILL')
    await sleep(3_000)
    await world.lab.startQuorum()
  } else if (controllerId !== null) await world.lab.kill(controllerId)
  exited(await running.ended, 0)
  same('places', await world.places(topic), [`${a},${c} led by ${a}`, `${c},${a} led by ${c}`])
  if (world.mode === 'zookeeper' && controllerId !== null) await world.revive(controllerId)
  await world.settle()
  return `controller ${world.mode === 'kraft' ? 'of the quorum' : String(controllerId)}`
}

const KINDS = [killTarget, killSource, killController]

/** F4 */
export const dyingBrokers: Fault = {
  id: 'F4',
  what: 'a target, a source or the controller is killed in the midst of a batch: it ends, or stops and goes on later',
  times: 60,
  run: (world, index) => (KINDS[index % KINDS.length] ?? killTarget)(world),
}
