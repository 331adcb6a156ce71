import { setTimeout as sleep } from 'node:timers/promises'

import type { Fault } from './fault.js'
import { exited, fail, same, type World } from './world.js'

const ANSWER_WITHIN_MS = 10_000
const FAIL_OVERS = 12
const FAIL_OVER_EVERY_MS = 10_000
const SLOW = ['--throttle', '1MB', '--json-events']

/** ZooKeeper, or the KRaft controller, is silent for longer than a session lives, and then comes back. */
async function silence(world: World): Promise<string> {
  const topic = await world.topic(
    [
      [1, 2],
      [2, 1],
    ],
    8,
  )
  const file = await world.planFile(topic, [
    [1, 4],
    [4, 1],
  ])
  const running = world.operator().start(['reassign', 'execute', file, ...world.at, ...SLOW])
  await world.copying(running)
  await world.lab.signalQuorum('SIGSTOP')
  let tookMs: number
  try {
    const ran = await world.operator().run(['reassign', 'status', ...world.reading, '--json'])
    tookMs = ran.tookMs
    if (tookMs > ANSWER_WITHIN_MS) fail(`reassign status took ${tookMs} ms`)
    await sleep(9_000)
  } finally {
    await world.lab.signalQuorum('SIGCONT')
  }
  exited(await running.ended, 0)
  same('places', await world.places(topic), ['1,4 led by 1', '4,1 led by 4'])
  await world.alive([1, 2, 3, 4])
  await world.whole()
  await world.settle()
  return `a status meanwhile took ${tookMs} ms`
}

/** F15 */
export const silentQuorum: Fault = {
  id: 'F15',
  what: 'ZooKeeper, or the KRaft controller, is silent for longer than a session lives: nothing hangs, and it ends done',
  times: 10,
  run: silence,
}

async function killController(world: World): Promise<void> {
  if (world.mode === 'kraft') {
    await world.lab.signalQuorum('SIGKILL')
    await world.lab.startQuorum()
    return
  }
  const { controllerId } = await world.cluster.reader.readMetadata({ topics: [] })
  if (controllerId === null) return
  await world.lab.kill(controllerId)
  await world.lab.start(controllerId)
}

/** The controller is killed again and again while many partitions move. */
async function failOver(world: World): Promise<string> {
  const lists = Array.from({ length: 24 }, (_, id) => (id % 2 === 0 ? [1, 2] : [3, 4]))
  const topic = await world.topic(lists, 5)
  const file = await world.planFile(
    topic,
    lists.map(([a = 0, b = 0]) => [b, a === 1 ? 3 : 1]),
  )
  const pace = ['--throttle', '1MB', '--max-partitions', '2', '--patience', '60s', '--json-events']
  const operator = world.operator()
  const running = operator.start(['reassign', 'execute', file, ...world.at, ...pace])
  const over = { now: false }
  void running.ended.then(() => (over.now = true))
  await world.copying(running)
  let kills = 0
  while (!over.now && kills < FAIL_OVERS) {
    const begun = Date.now()
    await killController(world)
    kills += 1
    await Promise.race([running.ended, sleep(Math.max(0, begun + FAIL_OVER_EVERY_MS - Date.now()))])
  }
  exited(await running.ended, 0)
  await world.alive([1, 2, 3, 4])
  await world.whole()
  same(
    'lists',
    await world.places(topic),
    lists.map(([a = 0, b = 0]) => `${b},${a === 1 ? 3 : 1} led by ${b}`),
  )
  await operator.run(['reassign', 'cleanup', ...world.at, '--json'])
  await world.settle()
  return `${kills} controllers killed`
}

/** F16 */
export const failOvers: Fault = {
  id: 'F16',
  what: 'the controller is killed every ten seconds for two minutes: it ends done',
  times: 5,
  run: failOver,
}
