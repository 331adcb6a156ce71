import { replicaId, type DiskReading } from './copied-bytes.js'
import type { Move } from './moves.js'

/** Two readings closer together than this tell nothing of a rate. */
const LEAST_MS = 5_000
/** Producers do not keep to the rate of a moment. */
const MARGIN = 1.5

/** What clients write to the brokers' disks while moves are made: a disk fills up by that as well. */
export class DiskGrowth {
  #first: { readonly atMs: number; readonly sizes: ReadonlyMap<string, number> } | null = null
  #bytesPerSec: ReadonlyMap<number, number> = new Map()

  /** Takes a reading in; replicas that moves bring grow by being copied, and do not count. */
  note(disks: DiskReading, moves: readonly Move[], atMs: number): void {
    const { sizes } = disks
    this.#first ??= { atMs, sizes }
    const { atMs: sinceMs, sizes: before } = this.#first
    if (atMs - sinceMs < LEAST_MS) return
    const brought = new Set(
      moves.flatMap(({ adding, key }) => adding.map((id) => replicaId(id, key))),
    )
    const grown = new Map<number, number>()
    for (const [id, bytes] of sizes) {
      const earlier = before.get(id)
      if (earlier === undefined || brought.has(id)) continue
      const broker = Number(id.slice(0, id.indexOf(' ')))
      grown.set(broker, (grown.get(broker) ?? 0) + bytes - earlier)
    }
    const seconds = (atMs - sinceMs) / 1000
    this.#bytesPerSec = new Map(
      [...grown].map(([broker, bytes]) => [broker, (MARGIN * Math.max(0, bytes)) / seconds]),
    )
  }

  /** Bytes per second that a broker's disks take beside the moves, with a margin; 0 before it is known. */
  of(broker: number): number {
    return this.#bytesPerSec.get(broker) ?? 0
  }
}
