import { setTimeout as sleep } from 'node:timers/promises'

import { describeTopics, type Lab } from '../lab/index.js'

/** The replicas that were not in sync at a moment, as one broker told it. */
export interface SyncLook {
  readonly atMs: number
  readonly outOfSync: ReadonlySet<number>
}

/** Looks at a topic several times a second from outside, until stopped; a look that got no answer is left out. */
export function watchSync(lab: Lab, topic: string): () => Promise<readonly SyncLook[]> {
  const looks: SyncLook[] = []
  const stop = new AbortController()
  const watching = (async () => {
    while (!stop.signal.aborted) {
      try {
        const partitions = await describeTopics(lab, [topic])
        const outOfSync = partitions.flatMap(({ replicas, isr }) =>
          replicas.filter((id) => !isr.includes(id)),
        )
        looks.push({ atMs: Date.now(), outOfSync: new Set(outOfSync) })
      } catch {
        // The broker that was asked is the one that restarts.
      }
      await sleep(200)
    }
  })()
  return async () => {
    stop.abort()
    await watching
    return looks
  }
}

/** When a broker was in sync again after it had fallen out between two moments; the first moment when it never did. */
export function backInSync(
  looks: readonly SyncLook[],
  broker: number,
  between: { readonly fromMs: number; readonly toMs: number },
): number {
  const within = looks.filter(({ atMs }) => atMs >= between.fromMs && atMs <= between.toMs)
  const lastOut = within.findLastIndex(({ outOfSync }) => outOfSync.has(broker))
  return within[lastOut + 1]?.atMs ?? between.toMs
}
