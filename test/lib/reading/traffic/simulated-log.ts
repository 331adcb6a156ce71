/** A batch of a simulated log. */
interface Batch {
  readonly base: number
  readonly records: number
  bytes: number
}

interface Segment {
  batches: Batch[]
  bytes: number
  cleaned: boolean
}

/** How a simulated partition is written and kept. */
export interface LogSpec {
  readonly topic: string
  readonly partition: number
  /** Bytes per second at a moment (ms since the start). */
  readonly bytesPerSec: (ms: number) => number
  readonly recordBytes: (ms: number) => number
  readonly segmentBytes?: number
  /** Cut to this size, checked every `retentionCheckMs`. */
  readonly retentionBytes?: number
  readonly retentionCheckMs?: number
  /** Closed segments lose this share of their bytes, every `cleanEveryMs`. */
  readonly compactTo?: number
  readonly cleanEveryMs?: number
  /** The log as it was before anybody looked: [bytes, record size] oldest first. */
  readonly before?: readonly (readonly [bytes: number, recordBytes: number])[]
  readonly random: () => number
}

/** A log of one replica with everything that makes its size hard to read. */
export class SimulatedLog {
  readonly spec: LogSpec
  private segments: Segment[] = [{ batches: [], bytes: 0, cleaned: false }]
  private readonly index: Batch[] = []
  endOffset = 0
  produced = 0
  private pending = 0

  constructor(spec: LogSpec) {
    this.spec = spec
    for (const [bytes, recordBytes] of spec.before ?? []) this.append(bytes, recordBytes)
    this.produced = 0
  }

  get startOffset(): number {
    return this.segments[0]?.batches[0]?.base ?? this.endOffset
  }

  get size(): number {
    return this.segments.reduce((sum, segment) => sum + segment.bytes, 0)
  }

  private append(bytes: number, recordBytes: number): void {
    let left = bytes
    while (left > 0) {
      const records = Math.max(1, Math.round(Math.min(left, 16_384) / recordBytes))
      const batch = { base: this.endOffset, records, bytes: Math.round(records * recordBytes + 61) }
      this.endOffset += records
      this.produced += batch.bytes
      left -= batch.bytes
      this.index.push(batch)
      let active = this.segments.at(-1)!
      if (active.bytes >= (this.spec.segmentBytes ?? Infinity)) {
        active = { batches: [], bytes: 0, cleaned: false }
        this.segments.push(active)
      }
      active.batches.push(batch)
      active.bytes += batch.bytes
    }
  }

  tick(atMs: number, ms: number): void {
    const { spec } = this
    this.pending += (spec.bytesPerSec(atMs) * ms) / 1000
    const recordBytes = spec.recordBytes(atMs)
    if (this.pending >= recordBytes) {
      const before = this.produced
      this.append(this.pending, recordBytes)
      this.pending -= this.produced - before
    }
    if (due(atMs, ms, spec.retentionCheckMs)) this.retain()
    if (due(atMs, ms, spec.cleanEveryMs)) this.clean()
  }

  private retain(): void {
    while (
      this.segments.length > 1 &&
      this.size - this.segments[0]!.bytes >= this.spec.retentionBytes!
    )
      this.segments.shift()
  }

  private clean(): void {
    for (const segment of this.segments.slice(0, -1)) {
      if (segment.cleaned) continue
      segment.cleaned = true
      for (const batch of segment.batches)
        batch.bytes = Math.round(batch.bytes * this.spec.compactTo!)
      segment.bytes = segment.batches.reduce((sum, batch) => sum + batch.bytes, 0)
    }
  }

  /** The batch that holds an offset. */
  batchAt(offset: number): Batch | undefined {
    let low = 0
    let high = this.index.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.index[middle]!.base <= offset) low = middle + 1
      else high = middle
    }
    return this.index[low - 1]
  }
}

function due(atMs: number, ms: number, everyMs: number | undefined): boolean {
  return everyMs !== undefined && Math.floor(atMs / everyMs) !== Math.floor((atMs - ms) / everyMs)
}
