import type { Snapshot } from '../../src/lib/model/snapshot.js'
import type { Lab } from '../lab/index.js'
import { look, type Looked, until } from '../live/reassign-support.js'

/** Topic that every partition claim is about. */
export const TOPIC = 'orders'

/** Says what is not as it was before a roll: brokers, in-sync replicas, leaders; nothing when the cluster is whole. */
export function findHarm({ brokers, topics }: Snapshot, ids: readonly number[]): readonly string[] {
  const alive = new Set(brokers.filter(({ state }) => state === 'alive').map(({ id }) => id))
  return [
    ...ids.filter((id) => !alive.has(id)).map((id) => `broker ${id} is missing`),
    ...topics.flatMap(({ name, partitions }) =>
      partitions.flatMap(({ id, isr, leader, replicas }) => [
        ...(isr === undefined || isr.length === replicas.length
          ? []
          : [`${name}-${id} has ${isr.join(',')} of ${replicas.join(',')} in sync`]),
        ...(leader === replicas[0]
          ? []
          : [`${name}-${id} is led by ${leader ?? 'nobody'}, not ${replicas[0] ?? '?'}`]),
      ]),
    ),
  ]
}

/** Reads the cluster of a lab once. */
export async function readOnce(lab: Lab): Promise<Snapshot> {
  const looked = await look(lab.bootstrapServers)
  try {
    return await looked.snapshot()
  } finally {
    await looked.close()
  }
}

/** What of a lab's cluster is not well now. */
export async function harmOf(lab: Lab): Promise<readonly string[]> {
  return findHarm(
    await readOnce(lab),
    lab.brokers.map(({ id }) => id),
  )
}

/** Waits until a cluster that was hurt has got over it. */
export async function untilWhole(lab: Lab, cluster: Looked, withinMs = 120_000): Promise<void> {
  const ids = lab.brokers.map(({ id }) => id)
  const withoutLeaders = async (): Promise<readonly string[]> =>
    findHarm(await cluster.snapshot(), ids).filter((harm) => !harm.includes('is led by'))
  await until('the cluster is whole', withinMs, async () => (await withoutLeaders()).length === 0)
}

/** Every order of three brokers once, so that each leads as much as the others. */
export const ROTATED = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
  [1, 3, 2],
  [2, 1, 3],
  [3, 2, 1],
]
