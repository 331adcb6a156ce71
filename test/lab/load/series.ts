import type { Window } from './spec.js'

const BUCKET_MS = 250

/** Start of the bucket that holds the moment: windows on these bounds are exact. */
export const startOfBucket = (atMs: number): number => Math.floor(atMs / BUCKET_MS) * BUCKET_MS
/** End of the bucket that holds the moment. */
export const endOfBucket = (atMs: number): number => startOfBucket(atMs) + BUCKET_MS

/** Sums of one interval. */
export interface Amount {
  readonly bytes: number
  readonly records: number
}

/** Bytes and records over time, kept in small buckets so that any window can be summed afterwards. */
export class Series {
  readonly #bytes = new Map<number, number>()
  readonly #records = new Map<number, number>()

  add(atMs: number, amount: Amount): void {
    const bucket = Math.floor(atMs / BUCKET_MS)
    this.#bytes.set(bucket, (this.#bytes.get(bucket) ?? 0) + amount.bytes)
    this.#records.set(bucket, (this.#records.get(bucket) ?? 0) + amount.records)
  }

  /** A bucket that the window cuts counts in proportion. */
  sum(window: Window): Amount {
    return { bytes: sumOf(this.#bytes, window), records: sumOf(this.#records, window) }
  }
}

function sumOf(buckets: ReadonlyMap<number, number>, { fromMs, toMs }: Window): number {
  let total = 0
  for (const [bucket, amount] of buckets) {
    const start = bucket * BUCKET_MS
    const overlap = Math.min(toMs, start + BUCKET_MS) - Math.max(fromMs, start)
    if (overlap > 0) total += (amount * overlap) / BUCKET_MS
  }
  return Math.round(total)
}
