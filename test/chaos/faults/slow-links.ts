import type { Fault } from './fault.js'
import { exited, fail, same, type World } from './world.js'

/** 1 Mbit/s, each way, between klinic and all brokers together. */
const BYTES_PER_SEC = 125_000
const MOVES = 20

async function crawl(world: World): Promise<string> {
  const lists = Array.from({ length: MOVES }, () => [1, 2])
  const topic = await world.topic(lists)
  const file = await world.planFile(
    topic,
    lists.map(() => [1, 4]),
  )
  world.rules.bytesPerSec = BYTES_PER_SEC
  const operator = world.operator()
  const status = await operator.run(['cluster', 'status', ...world.reading, '--json'])
  exited(status, 0)
  if (/BROKER_(MISSING|HUNG|FENCED|UNREACHABLE)/.test(status.stdout))
    fail(`false death: ${status.stdout}`)
  const ran = await operator.run(['reassign', 'execute', file, ...world.at, '--json-events'])
  exited(ran, 0)
  if (/BROKER_AWAY|UNREACHABLE/.test(ran.stdout)) fail(`false death: ${ran.stdout.slice(-500)}`)
  same(
    'places',
    await world.places(topic),
    lists.map(() => '1,4 led by 1'),
  )
  await world.settle()
  return `${MOVES} moves in ${Math.round(ran.tookMs / 1000)} s, a status in ${status.tookMs} ms`
}

/** F24 */
export const slowLinks: Fault = {
  id: 'F24',
  what: 'the link to the brokers carries 1 Mbit/s: it takes longer, and nobody is called dead',
  times: 5,
  run: crawl,
}
