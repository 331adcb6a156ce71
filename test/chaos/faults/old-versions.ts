import { lastWords } from '../klinic.js'
import type { SeenRequest } from '../client-proxy.js'
import type { Fault } from './fault.js'
import { exited, fail, same, type World } from './world.js'

const API_VERSIONS = 18
/** The newest version of each API that a broker of Kafka 2.8 offers, by number of the API. */
const KAFKA_2_8 = new Map([
  [1, 12],
  [2, 6],
  [3, 11],
  [8, 8],
  [9, 7],
  [10, 3],
  [11, 7],
  [12, 4],
  [13, 4],
  [14, 5],
  [15, 5],
  [16, 4],
  [18, 3],
  [19, 7],
  [32, 4],
  [35, 2],
  [36, 2],
  [43, 2],
  [44, 1],
  [45, 0],
  [46, 0],
  [60, 0],
])

/** Lowers what a broker says that it can do, in place: `newest` gives the highest version still offered. */
function lower(
  frame: Buffer,
  version: number,
  newest: (apiKey: number, oldest: number) => number,
): Buffer {
  const changed = Buffer.from(frame)
  const isFlexible = version >= 3
  let at = 10
  let count = 0
  if (isFlexible) {
    for (let shift = 0; ; shift += 7) {
      const byte = changed.readUInt8(at++)
      count |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    count -= 1
  } else {
    count = changed.readInt32BE(at)
    at += 4
  }
  for (; count > 0; count--) {
    const apiKey = changed.readInt16BE(at)
    const oldest = changed.readInt16BE(at + 2)
    const offered = changed.readInt16BE(at + 4)
    changed.writeInt16BE(Math.min(offered, Math.max(oldest, newest(apiKey, oldest))), at + 4)
    at += isFlexible ? 7 : 6
  }
  return changed
}

function offer(world: World, newest: (apiKey: number, oldest: number) => number): void {
  world.rules.rewrite = ({ apiKey, version }: SeenRequest, frame) =>
    apiKey === API_VERSIONS ? lower(frame, version, newest) : frame
}

/** A cluster that offers no more than Kafka 2.8 did: everything that is needed falls back, and works. */
async function likeOldKafka(world: World): Promise<string> {
  const topic = await world.topic(
    [
      [1, 2],
      [2, 1],
    ],
    1,
  )
  const file = await world.planFile(topic, [
    [1, 4],
    [4, 1],
  ])
  offer(world, (apiKey, oldest) => KAFKA_2_8.get(apiKey) ?? oldest)
  const operator = world.operator()
  for (const command of [
    ['cluster', 'status'],
    ['reassign', 'status'],
    ['heal', 'plan'],
  ])
    exited(await operator.run([...command, ...world.reading]), 0, 3)
  exited(await operator.run(['reassign', 'execute', file, ...world.at, '--json']), 0)
  same('places', await world.places(topic), ['1,4 led by 1', '4,1 led by 4'])
  await world.settle()
  return 'as old as Kafka 2.8: done'
}

/** A cluster that offers only the oldest version of everything: refused in a sentence, and nothing is changed. */
async function oldestOnly(world: World): Promise<string> {
  const topic = await world.topic([[1, 2]])
  const file = await world.planFile(topic, [[1, 4]])
  offer(world, (_apiKey, oldest) => oldest)
  const ran = await world.operator().run(['reassign', 'execute', file, ...world.at])
  if (ran.code === 0) same('places', await world.places(topic), ['1,4 led by 1'])
  else {
    same('places', await world.places(topic), ['1,2 led by 1'])
    if (!/version|too old|Kafka 2\.8/i.test(ran.stderr) || /\n\s+at /.test(ran.stderr))
      fail(`no clear refusal: ${lastWords(ran)}`)
  }
  await world.settle()
  return `the oldest versions only: exit ${String(ran.code)}`
}

/** F23 */
export const oldVersions: Fault = {
  id: 'F23',
  what: 'the cluster offers only old versions of its API: it falls back, or is refused in a sentence',
  times: 10,
  run: (world, index) => (index % 2 === 0 ? likeOldKafka : oldestOnly)(world),
}
