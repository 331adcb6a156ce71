import type { WantedList } from '../../src/lib/plan/kafka-json.js'
import { pick, type Random } from './random.js'

/** The racks of the cluster: two, of two brokers each; brokers of the lab take turns. */
const RACKS = [
  [1, 3],
  [2, 4],
] as const

/** Every replica list of two brokers in two racks, in either order. */
export const SPREAD_LISTS: readonly (readonly number[])[] = RACKS[0].flatMap((one) =>
  RACKS[1].flatMap((other) => [
    [one, other],
    [other, one],
  ]),
)

/** Replica lists that differ from the present ones in one broker, in both, or in their order alone. */
export function otherLists(
  random: Random,
  topic: string,
  present: readonly (readonly number[])[],
): readonly WantedList[] {
  return present.map((list, partition) => {
    const others = SPREAD_LISTS.filter((candidate) => candidate.join() !== list.join())
    return { topic, partition, replicas: pick(random, others) }
  })
}
