import { until } from '../../live/reassign-support.js'
import type { Fault } from './fault.js'
import { exited, fail, reportOf, same, type World } from './world.js'

const SLOW = ['--throttle', '1MB', '--json-events']

/** A target dies and stays dead, and the operator gives up: all is as it was before, in order. */
async function abortWithDeadTarget(world: World): Promise<string> {
  const topic = await world.topic(
    [
      [2, 1],
      [1, 2],
      [3, 2],
    ],
    4,
  )
  const before = await world.places(topic)
  const file = await world.planFile(topic, [
    [4, 1],
    [1, 4],
    [4, 3],
  ])
  const operator = world.operator()
  const running = operator.start(['reassign', 'execute', file, ...world.at, ...SLOW])
  await world.copying(running)
  running.kill('SIGKILL')
  await running.ended
  await world.lab.kill(4)
  await world.alive([1, 2, 3])
  const ran = await operator.run(['reassign', 'cancel', ...world.at, '--json'])
  exited(ran, 5)
  same('places', await world.places(topic), before)
  const { debts } = reportOf(ran)
  same('who owes', [...new Set(debts.map(({ resource }) => resource.name))], ['4'])
  await world.revive(4)
  exited(await operator.run(['reassign', 'cleanup', ...world.at, '--json']), 0)
  await world.settle()
  return `${debts.length} throttle values owed by the dead broker, and paid`
}

/** F6 */
export const abortedMoves: Fault = {
  id: 'F6',
  what: 'a target dies and stays dead, and the moves are taken back: same lists, same order, the debt is paid when it returns',
  times: 10,
  run: abortWithDeadTarget,
}

/** All originals die while only a new replica has the data: a cancel would drop the only copy. */
async function onlyCopy(world: World): Promise<string> {
  const topic = await world.topic([[1, 2]], 4)
  const before = await world.places(topic)
  const file = await world.planFile(topic, [[3, 4]])
  const operator = world.operator()
  const running = operator.start(['reassign', 'execute', file, ...world.at, ...SLOW])
  await world.copying(running)
  await world.lab.kill(4)
  await until('the new replica is in sync', 60_000, () => inSync(world, topic, 3))
  running.kill('SIGKILL')
  await running.ended
  for (const [victim, others] of [
    [1, [2, 3]],
    [2, [3]],
  ] as const) {
    await world.lab.kill(victim)
    await world.alive(others)
  }
  await until('the only copy leads', 30_000, () => leads(world, topic, 3))
  const ran = await operator.run(['reassign', 'cancel', ...world.at, '--patience', '15s', '--json'])
  exited(ran, 7)
  if (!(await leads(world, topic, 3))) fail('the only copy leads no more')
  // The dead target stays away: were it back, Kafka would finish the move by itself.
  for (const id of [1, 2]) await world.lab.start(id)
  await world.alive([1, 2, 3])
  await until('originals are in sync', 240_000, () => inSync(world, topic, 1, 2))
  exited(await operator.run(['reassign', 'cancel', ...world.at, '--json']), 0, 5)
  same('replicas', (await world.places(topic)).map(replicas), before.map(replicas))
  await world.revive(4)
  await operator.run(['reassign', 'cleanup', ...world.at, '--json'])
  await world.settle()
  return `refused with ${reportOf(ran).code}`
}

const replicas = (place: string): string => place.split(' ')[0] ?? ''

async function partition(
  world: World,
  topic: string,
): Promise<{ isr: readonly number[]; leader: number | null }> {
  const { topics } = await world.cluster.reader.readMetadata({ topics: [topic] })
  return topics[0]?.partitions[0] ?? { isr: [], leader: null }
}

async function inSync(world: World, topic: string, ...ids: readonly number[]): Promise<boolean> {
  const { isr } = await partition(world, topic)
  return ids.every((id) => isr.includes(id))
}

async function leads(world: World, topic: string, id: number): Promise<boolean> {
  return (await partition(world, topic)).leader === id
}

/** F7 */
export const onlyCopies: Fault = {
  id: 'F7',
  what: 'all original replicas die and only a new one has the data: it refuses to take the move back',
  times: 5,
  run: onlyCopy,
}
