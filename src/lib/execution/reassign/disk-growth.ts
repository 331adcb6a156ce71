import type { Plan } from '../../plan/plan.js'
import { replicaId, type DiskReading } from './copied-bytes.js'
import type { Move } from './moves.js'

/** Two readings closer together than this tell nothing of a rate. */
const LEAST_MS = 5_000
/** Producers do not keep to the rate of a moment. */
const MARGIN = 1.5

/**
 * Bytes per second that brokers took in when the plan was made, the more of before and after it; of use until disks were
 * read twice.
 */
export function growthPlanned({ traffic, summary }: Plan): ReadonlyMap<number, number> {
  if (traffic === undefined) return new Map()
  return new Map(
    summary.brokers.map(({ id, before, after }) => [
      id,
      Math.max(before.inBytesPerSec, after.inBytesPerSec),
    ]),
  )
}

/** What clients write to the brokers' disks while moves are made: a disk fills up by that as well. */
export class DiskGrowth {
  #first: { readonly atMs: number; readonly sizes: ReadonlyMap<string, number> } | null = null
  #bytesPerSec: ReadonlyMap<number, number> | null = null
  readonly #planned: ReadonlyMap<number, number>

  /** `planned`: what is reckoned with until there were two readings, in bytes per second by broker. */
  constructor(planned: ReadonlyMap<number, number> = new Map()) {
    this.#planned = planned
  }

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
    // A broker that did not answer this time grows as it did.
    this.#bytesPerSec = new Map([
      ...(this.#bytesPerSec ?? []),
      ...[...grown].map(
        ([broker, bytes]) => [broker, (MARGIN * Math.max(0, bytes)) / seconds] as const,
      ),
    ])
  }

  /** Bytes per second that a broker's disks take beside the moves, with a margin; before it is known what was planned with. */
  of(broker: number): number {
    return (this.#bytesPerSec ?? this.#planned).get(broker) ?? 0
  }
}
