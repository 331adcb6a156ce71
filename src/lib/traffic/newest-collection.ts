import type { BrokerSample } from './sample.js'

/** Collections that are remembered; the newest complete one is wanted, and the very newest may still be on its way. */
const REMEMBERED = 3

/** Finds the newest collection among samples in any order, holding only a few of them. */
export interface CollectionFinder {
  add(sample: BrokerSample): void
  /** The newest collection with all its samples, else the one with most of them; empty when there was none. */
  newest(): readonly BrokerSample[]
}

function hasAllParts(samples: ReadonlyMap<string, BrokerSample>, broker: number): boolean {
  const parts = samples.get(`${broker} 0`)?.parts
  if (parts === undefined || parts > samples.size) return false
  return Array.from({ length: parts }, (_, part) => samples.has(`${broker} ${part}`)).every(Boolean)
}

function isComplete(samples: ReadonlyMap<string, BrokerSample>): boolean {
  const [first] = samples.values()
  return first?.brokerIds.every((id) => hasAllParts(samples, id)) === true
}

/** Opens a finder; `atMs`: collections that end later do not count. */
export function openCollectionFinder(atMs: number): CollectionFinder {
  const collections = new Map<
    string,
    { readonly toMs: number; readonly samples: Map<string, BrokerSample> }
  >()
  const newestFirst = () =>
    [...collections.entries()].sort(([a, x], [b, y]) => y.toMs - x.toMs || (a < b ? -1 : 1))
  return {
    add(sample) {
      if (sample.toMs > atMs) return
      const key = `${sample.source} ${sample.fromMs} ${sample.toMs} ${sample.capturedAtMs}`
      const collection = collections.get(key) ?? {
        toMs: sample.toMs,
        samples: new Map<string, BrokerSample>(),
      }
      collections.set(key, collection)
      collection.samples.set(`${sample.broker.id} ${sample.part}`, sample)
      for (const [old] of newestFirst().slice(REMEMBERED)) collections.delete(old)
    },
    newest() {
      const candidates = newestFirst().map(([, { samples }]) => samples)
      const complete = candidates.find(isComplete)
      const best = complete ?? [...candidates].sort((a, b) => b.size - a.size)[0]
      return [...(best?.values() ?? [])]
    },
  }
}
