import type { ExecutionProgress, MovingPartition } from '../../plan/execution-report.js'
import type { Clock } from '../../ports/clock.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import { CatchingUp, type LaggingMove } from './catching-up.js'
import {
  areTargetsRead,
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
import type { Observation } from './observe.js'
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
  /** What a throttle that follows the cluster may come to; absent for one that stays as it is. */
  readonly mostBytesPerSec?: number | undefined
}

/** Follows the bytes of an execution. */
export class Tracker {
  readonly #ledger: Ledger
  readonly #reader: Pick<ClusterReader, 'readLogDirs'>
  readonly #clock: Clock
  #throttle: number | null
  readonly #most: number | null
  /** The highest rate of the throttle so far, or the fastest that a broker was seen to send or receive. */
  #fastest: number
  readonly #catchingUp: CatchingUp
  readonly #growth: DiskGrowth
  readonly #known = new Map<number, { readonly copied: number; readonly total: number }>()
  #points: readonly ProgressPoint[] = []
  #readAtMs = Number.NEGATIVE_INFINITY
  /** Bytes of partitions as they were told last. */
  readonly #toldLast = new Map<string, number>()
  #asked: ReadonlySet<number> = new Set()
  #disks: DiskReading = { sizes: new Map(), leastFree: new Map() }
  #seen: Pick<Observation, 'views' | 'liveBrokers'> | null = null

  constructor(
    ledger: Ledger,
    ports: { readonly reader: Pick<ClusterReader, 'readLogDirs'>; readonly clock: Clock },
    { throttleBytesPerSec, stallMs, growthPlanned, mostBytesPerSec }: TrackerSettings,
  ) {
    this.#ledger = ledger
    this.#reader = ports.reader
    this.#clock = ports.clock
    this.#throttle = throttleBytesPerSec
    this.#fastest = throttleBytesPerSec ?? 0
    this.#most = mostBytesPerSec ?? null
    this.#catchingUp = new CatchingUp(stallMs)
    this.#growth = new DiskGrowth(growthPlanned)
    for (const { step, bytesToMove } of ledger.moves) {
      this.#known.set(step, { copied: 0, total: bytesToMove })
    }
  }

  /** Says which rate brokers are held to from now on. */
  setThrottle(bytesPerSec: number | null): void {
    this.#throttle = bytesPerSec
    this.#fastest = Math.max(this.#fastest, bytesPerSec ?? 0)
  }

  /** Which rate brokers are held to now; null for none. */
  get throttleBytesPerSec(): number | null {
    return this.#throttle
  }

  /** To be called with each look at the cluster: who leads, who is in sync, and which brokers are there to be asked. */
  heed(seen: Pick<Observation, 'views' | 'liveBrokers'>): void {
    this.#seen = seen
  }

  /** Seconds until some broker may have nothing left to copy of what is under way; null when that is not known. */
  secondsToDry(): number | null {
    if (this.#throttle === null) return null
    const lanes = this.#byLane(this.#ledger.underWay(), ({ copied, total }) => total - copied)
    const left = [...lanes.values()].filter((bytes) => bytes > 0)
    return left.length === 0 ? null : Math.min(...left) / this.#throttle
  }

  /** Disks of all brokers of the moves that are there, for the gate before a batch; a reading of just now will do. */
  async readDisks(moves: readonly Move[]): Promise<DiskReading> {
    const live = this.#seen?.liveBrokers
    const ids = brokersToAsk([...moves, ...this.#ledger.underWay()], live)
    if (ids.length === 0) return { sizes: new Map(), leastFree: new Map() }
    const isFresh = this.#clock.nowMs() - this.#readAtMs < DISK_INTERVAL_MS
    if (isFresh && ids.every((id) => this.#asked.has(id))) return this.#disks
    const more = { leaders: this.#leaders(), toldLast: this.#toldLast }
    const disks = { ...readDisks(await this.#reader.readLogDirs(ids)), ...more }
    this.#asked = new Set(ids)
    this.#take(disks)
    return disks
  }

  #leaders(): ReadonlyMap<string, number> {
    const known = [...(this.#seen?.views ?? [])]
    return new Map(known.flatMap(([key, { leader }]) => (leader === null ? [] : [[key, leader]])))
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
    return this.#catchingUp.lagging(this.#ledger.underWay(), this.#most ?? this.#throttle, (move) =>
      this.#followersInSync(move),
    )
  }

  /** Clients go on writing while replicas arrive: that takes room as well. For what is to be started. */
  forecast(): GrowthForecast {
    return this.#forecastAt(this.#throttle ?? this.#fastestKnown())
  }

  #forecastAt(bytesPerSec: number): GrowthForecast {
    return { growthOf: (broker) => this.#growth.of(broker), bytesPerSec }
  }

  /** A broker's, not less than what is reckoned with: that little was copied for a while says nothing of what can be. */
  #fastestKnown(): number {
    return Math.max(this.#fastest, RECKONED_BYTES_PER_SEC)
  }

  #followersInSync({ key, from, adding }: Move): number {
    const view = this.#seen?.views.get(key)
    if (view === undefined) return Math.max(0, from.length - 1)
    return view.isr.filter((id) => id !== view.leader && !adding.includes(id)).length
  }

  /** The fastest that a broker was seen to send or receive, bytes per second; null while it is not known. */
  laneBytesPerSec(): number | null {
    return fastestLane(this.#points)
  }

  /**
   * Targets that will fill up by these moves under way, as of the last reading. Never at a lower rate than the moves were
   * started by: a throttle goes down for a minute because somebody needs the network, and not for as long as a copy takes.
   */
  fillingDisks(moves: readonly Move[]): readonly FillingDisk[] {
    return fillingDisks(moves, this.#disks, this.#forecastAt(this.#fastestKnown()))
  }

  /** When disks were read last, by the clock of the run. */
  get readAtMs(): number {
    return this.#readAtMs
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
    for (const move of this.#ledger.open()) {
      const size = sizeOfPartition(move, disks)
      if (size !== null) this.#toldLast.set(move.key, size)
    }
    for (const move of this.#ledger.underWay()) {
      // An answer that is missing would take back what was copied, and the next one bring all of it at once.
      if (!areTargetsRead(move, disks)) continue
      const { copied, total } = copiedBytes(move, disks)
      if (total > 0) this.#known.set(move.step, { copied, total })
      if (isWellRead(move, disks)) this.#catchingUp.note(move, { copied, total }, atMs)
    }
    this.#learn(disks)
    const lanes = this.#byLane(this.#ledger.moves, ({ copied }) => copied)
    this.#points = addPoint(this.#points, { atMs, bytes: this.#totals().copied, lanes })
    this.#fastest = Math.max(this.#fastest, this.laneBytesPerSec() ?? 0)
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
