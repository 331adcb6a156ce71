import type { ExecutionProgress, MovingPartition } from '../../plan/execution-report.js'
import type { Clock } from '../../ports/clock.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import { CatchingUp, type LaggingMove } from './catching-up.js'
import {
  brokersToAsk,
  copiedBytes,
  isWellRead,
  readDisks,
  sizeOfPartition,
  type DiskReading,
} from './copied-bytes.js'
import { fillingDisks, type FillingDisk, type GrowthForecast } from './disk-gate.js'
import { DiskGrowth } from './disk-growth.js'
import { isFinal } from './execution-state.js'
import { fastestLane, laneSeconds, sumByLane, type BytesByLane } from './lanes.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import { addPoint, etaSeconds, rateOf, type ProgressPoint } from './progress.js'

/** Log dirs list every replica of a broker: often enough for a live line, seldom enough for a big cluster. */
const DISK_INTERVAL_MS = 3_000

/** So many partitions are named with each progress. */
const MOVING_SHOWN = 8

/** How fast a broker is reckoned to get its replicas before anything was measured and where nothing is throttled. */
const RECKONED_BYTES_PER_SEC = 50e6

/** What a tracker has to be told. */
export interface TrackerSettings {
  readonly throttleBytesPerSec: number | null
  /** How long nothing may get on before the run gives up. */
  readonly stallMs: number
  /** What brokers took in when the plan was made, where it is known. */
  readonly growthPlanned: ReadonlyMap<number, number>
}

/** Follows the bytes of an execution. */
export class Tracker {
  readonly #ledger: Ledger
  readonly #reader: Pick<ClusterReader, 'readLogDirs'>
  readonly #clock: Clock
  #throttle: number | null
  readonly #catchingUp: CatchingUp
  readonly #growth: DiskGrowth
  readonly #known = new Map<number, { readonly copied: number; readonly total: number }>()
  #points: readonly ProgressPoint[] = []
  #readAtMs = Number.NEGATIVE_INFINITY
  #disks: DiskReading = { sizes: new Map(), leastFree: new Map() }

  constructor(
    ledger: Ledger,
    ports: { readonly reader: Pick<ClusterReader, 'readLogDirs'>; readonly clock: Clock },
    { throttleBytesPerSec, stallMs, growthPlanned }: TrackerSettings,
  ) {
    this.#ledger = ledger
    this.#reader = ports.reader
    this.#clock = ports.clock
    this.#throttle = throttleBytesPerSec
    this.#catchingUp = new CatchingUp(stallMs)
    this.#growth = new DiskGrowth(growthPlanned)
    for (const { step, bytesToMove } of ledger.moves) {
      this.#known.set(step, { copied: 0, total: bytesToMove })
    }
  }

  /** Says which rate brokers are held to from now on. */
  setThrottle(bytesPerSec: number | null): void {
    this.#throttle = bytesPerSec
  }

  /** Seconds until some broker may have nothing left to copy of what is under way; null when that is not known. */
  secondsToDry(): number | null {
    if (this.#throttle === null) return null
    const lanes = this.#byLane(this.#ledger.underWay(), ({ copied, total }) => total - copied)
    const left = [...lanes.values()].filter((bytes) => bytes > 0)
    return left.length === 0 ? null : Math.min(...left) / this.#throttle
  }

  /** Disks of all brokers of the moves, fresh: for the gate before a batch. */
  async readDisks(moves: readonly Move[]): Promise<DiskReading> {
    const ids = brokersToAsk([...moves, ...this.#ledger.underWay()])
    if (ids.length === 0) return { sizes: new Map(), leastFree: new Map() }
    const disks = readDisks(await this.#reader.readLogDirs(ids))
    this.#take(disks)
    return disks
  }

  /** Reads how large the partitions are of which something is to be done: a plan's sizes are of the time when it was made. */
  async learnSizes(): Promise<void> {
    await this.readDisks(this.#ledger.open())
  }

  /** Bytes of all new replicas of a move, as read last. */
  bytesOf({ step, bytesToMove }: Move): number {
    return this.#known.get(step)?.total ?? bytesToMove
  }

  /** When a move under way last had less left than before; 0 for never. */
  lastProgressMs(): number {
    return this.#catchingUp.lastProgressMs(this.#ledger.underWay())
  }

  /** Moves whose partitions grow at least as fast as they are copied. */
  lagging(): readonly LaggingMove[] {
    return this.#catchingUp.lagging(this.#ledger.underWay(), this.#throttle)
  }

  /** Clients go on writing while replicas arrive: that takes room as well. */
  forecast(): GrowthForecast {
    const { bytesPerSec } = this.figures()
    // Nothing was copied for a while: that is no rate to reckon with.
    const measured = bytesPerSec === 0 ? null : bytesPerSec
    return {
      growthOf: (broker) => this.#growth.of(broker),
      bytesPerSec: this.#throttle ?? measured ?? RECKONED_BYTES_PER_SEC,
    }
  }

  /** The fastest that a broker was seen to send or receive, bytes per second; null while it is not known. */
  laneBytesPerSec(): number | null {
    return fastestLane(this.#points)
  }

  /** Targets that will fill up by these moves under way, as of the last reading. */
  fillingDisks(moves: readonly Move[]): readonly FillingDisk[] {
    return fillingDisks(moves, this.#disks, this.forecast())
  }

  /** Reads disks when it is time, and says where the execution stands. */
  async progress(): Promise<ExecutionProgress> {
    const due = this.#clock.nowMs() - this.#readAtMs >= DISK_INTERVAL_MS
    if (due && this.#ledger.underWay().length > 0) await this.readDisks([])
    return this.figures()
  }

  /** Where the execution stands by what was read last. */
  figures(): ExecutionProgress {
    const { moves } = this.#ledger
    const totals = this.#totals()
    const bytesPerSec = rateOf(this.#points)
    return {
      moves: moves.length,
      movesOver: moves.filter((move) => isFinal(this.#ledger.statusOf(move))).length,
      movesUnderWay: this.#ledger.underWay().length,
      bytesCopied: totals.copied,
      bytesTotal: totals.total,
      bytesPerSec,
      etaSeconds: this.#etaSeconds(totals, bytesPerSec),
      throttleBytesPerSec: this.#throttle,
      moving: this.#moving(),
    }
  }

  #moving(): readonly MovingPartition[] {
    return this.#ledger
      .underWay()
      .filter(({ adding }) => adding.length > 0)
      .map(({ key, adding, step }) => {
        const { copied, total } = this.#known.get(step) ?? { copied: 0, total: 0 }
        return { partition: key, adding, bytesCopied: copied, bytesTotal: total }
      })
      .sort((a, b) => b.bytesTotal - b.bytesCopied - (a.bytesTotal - a.bytesCopied))
      .slice(0, MOVING_SHOWN)
  }

  #take(disks: DiskReading): void {
    const atMs = this.#clock.nowMs()
    this.#readAtMs = atMs
    this.#disks = disks
    this.#growth.note(disks, this.#ledger.moves, atMs)
    for (const move of this.#ledger.underWay()) {
      const { copied, total } = copiedBytes(move, disks)
      if (total > 0) this.#known.set(move.step, { copied, total })
      if (isWellRead(move, disks)) this.#catchingUp.note(move, { copied, total }, atMs)
    }
    this.#learn(disks)
    const lanes = this.#byLane(this.#ledger.moves, ({ copied }) => copied)
    this.#points = addPoint(this.#points, { atMs, bytes: this.#totals().copied, lanes })
  }

  /** What waits has grown, or shrunk, since the plan was made. */
  #learn(disks: DiskReading): void {
    for (const move of this.#ledger.waiting()) {
      const size = sizeOfPartition(move, disks)
      if (size === null) continue
      this.#known.set(move.step, { copied: 0, total: size * move.adding.length })
    }
  }

  /** The busiest broker sets the pace under a throttle; without one, all bytes at the rate of now. None for what never ends. */
  #etaSeconds(
    totals: { readonly copied: number; readonly total: number },
    bytesPerSec: number | null,
  ): number | null {
    if (this.lagging().length > 0) return null
    if (this.#throttle === null) return etaSeconds(totals, bytesPerSec)
    const left = this.#byLane(this.#ledger.open(), ({ copied, total }) => total - copied)
    return laneSeconds(left, this.#points, this.#throttle)
  }

  #byLane(
    moves: readonly Move[],
    bytesOf: (known: { readonly copied: number; readonly total: number }) => number,
  ): BytesByLane {
    return sumByLane(
      moves.map((move) => {
        const known = this.#known.get(move.step) ?? { copied: 0, total: 0 }
        const isDone = this.#ledger.statusOf(move) === 'done'
        return { move, bytes: bytesOf(isDone ? { ...known, copied: known.total } : known) }
      }),
    )
  }

  #totals(): { readonly copied: number; readonly total: number } {
    let copied = 0
    let total = 0
    for (const move of this.#ledger.moves) {
      const status = this.#ledger.statusOf(move)
      const known = this.#known.get(move.step) ?? { copied: 0, total: 0 }
      if (status === 'skipped' || status === 'undone' || this.#ledger.isForeign(move)) continue
      copied += status === 'done' ? known.total : known.copied
      total += known.total
    }
    return { copied, total }
  }
}
