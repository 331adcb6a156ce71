import { OperatorError } from '../../errors/operator-error.js'
import { Absences } from './absences.js'
import type { LaggingMove } from './catching-up.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import type { Observation } from './observe.js'
import type { RunEnd, RunPorts, RunSettings } from './run-types.js'
import { describeSlowCopy, type SlowCopy } from './slow-copies.js'
import type { Tracker } from './tracker.js'
import { TROUBLES, type Trouble } from './troubles.js'

interface WatchdogParts {
  readonly ports: RunPorts
  readonly settings: RunSettings
  readonly ledger: Ledger
  readonly tracker: Tracker
}

/** Bounds every wait of a run: for a cluster out of reach, for a broker that is away, for moves that do not move. */
export class Watchdog {
  readonly #parts: WatchdogParts
  readonly #absences: Absences
  #failingSinceMs: number | null = null
  #lastFailure: unknown = null
  #brokersAwaySinceMs: number | null = null
  #changedAtMs: number
  #fingerprint = ''
  /** What was said last, by code: the same is not said again until it has passed. */
  readonly #noted = new Map<string, string>()
  #isPaused = false
  /** Steps of which it was said that they never end at the rate of now, each with the code. */
  readonly #toldSlow = new Set<string>()

  constructor(parts: WatchdogParts) {
    this.#parts = parts
    this.#changedAtMs = parts.ports.clock.nowMs()
    this.#absences = new Absences(() => this.#now())
  }

  /** Runs one round; a cluster that cannot be reached is waited for, and anything else thrown is passed on. */
  async tolerating(round: () => Promise<Observation>): Promise<Observation | null> {
    try {
      const seen = await round()
      this.#failingSinceMs = null
      this.#noted.delete('UNREACHABLE')
      return seen
    } catch (error) {
      if (!(error instanceof OperatorError) || error.exit !== 'unreachable') throw error
      this.#failingSinceMs ??= this.#now()
      this.#lastFailure = error
      this.#noteOnce('UNREACHABLE', error.message)
      return null
    }
  }

  /** Throws the last failure once the cluster has been out of reach for longer than the patience lasts. */
  heedOutage(): void {
    const { patienceMs } = this.#parts.settings
    const since = this.#failingSinceMs
    if (since !== null && this.#now() - since > patienceMs) throw this.#lastFailure
  }

  /** The end of a run that has waited long enough; null to go on. */
  givesUp(seen: Observation | null): RunEnd | null {
    const { settings } = this.#parts
    this.heedOutage()
    if (seen === null) return null
    const away = this.#brokersAway(seen)
    if (away.length === 0) this.#brokersAwaySinceMs = null
    else this.#brokersAwaySinceMs ??= this.#now()
    const since = this.#brokersAwaySinceMs
    const isLate = since !== null && this.#now() - since > settings.patienceMs
    if (isLate && this.#allBlocked(away)) return brokersDown(away)
    this.#heedSlowCopies()
    return this.#isStalled() ? this.#stalled() : null
  }

  /** Whether nothing should be started now: a broker that open moves need is away. Says so once. */
  mustWait(seen: Observation): boolean {
    const away = this.#brokersAway(seen)
    if (away.length === 0) this.#noted.delete('BROKER_AWAY')
    if (away.length === 0) return false
    this.#noteOnce('BROKER_AWAY', `${named(away)} away: nothing is started until it is back`)
    return true
  }

  /** Of these moves, those that may be started while the cluster is in trouble: the ones that may mend it. Says why, once. */
  mayStartBeside(troubles: readonly Trouble[], moves: readonly Move[]): readonly Move[] {
    if (moves.length === 0) return moves
    if (troubles.length > 0) this.#isPaused = true
    else if (this.#isPaused) this.#goOn()
    for (const { code, text } of troubles) this.#noteOnce(code, text)
    return moves.filter(({ key }) => troubles.every(({ partitions }) => partitions.has(key)))
  }

  #goOn(): void {
    this.#isPaused = false
    for (const code of TROUBLES) this.#noted.delete(code)
    this.#parts.ledger.note('GOING_ON', 'the trouble is over: going on')
  }

  noteFullDisk(held: number): void {
    this.#noteOnce('DISK_FULL', `${held} moves wait for room on the disks of their targets`)
  }

  /** Whether a partition that the cluster does not show has been away for long enough to believe it. */
  isGone({ key }: Move): boolean {
    return this.#absences.isGone(key)
  }

  isThere({ key }: Move): void {
    this.#absences.isThere(key)
  }

  #brokersAway({ liveBrokers }: Observation): readonly number[] {
    const needed = new Set(this.#parts.ledger.open().flatMap(({ to }) => to))
    return [...needed].filter((id) => !liveBrokers.has(id)).sort((a, b) => a - b)
  }

  /** Whether no move under way can end while these brokers are away. */
  #allBlocked(away: readonly number[]): boolean {
    return this.#parts.ledger.underWay().every(({ to }) => to.some((id) => away.includes(id)))
  }

  /** Nothing happened to any move, and of none is less left than before: that bytes are copied does not count by itself. */
  #isStalled(): boolean {
    const { ledger, settings, tracker } = this.#parts
    const now = this.#now()
    const fingerprint = ledger.moves.map((move) => ledger.statusOf(move)).join(' ')
    if (fingerprint !== this.#fingerprint) {
      this.#fingerprint = fingerprint
      this.#changedAtMs = now
    }
    return now - Math.max(this.#changedAtMs, tracker.lastProgressMs()) > settings.stallMs
  }

  /** Says of each partition that grows faster than it is copied so, once: what comes in bursts does so again and again. */
  #heedSlowCopies(): void {
    const { tracker, ledger } = this.#parts
    for (const slow of tracker.lagging()) {
      const { code, text } = this.#describe(slow)
      const told = `${slow.move.step} ${code}`
      if (!this.#toldSlow.has(told)) ledger.note(code, text)
      this.#toldSlow.add(told)
    }
  }

  #describe(slow: LaggingMove): SlowCopy {
    const { tracker, settings } = this.#parts
    return describeSlowCopy(slow, {
      bytesPerSec: tracker.throttleBytesPerSec,
      mostBytesPerSec: settings.autoThrottle?.max ?? null,
    })
  }

  #stalled(): RunEnd {
    const { ledger, settings, tracker } = this.#parts
    const open = ledger.open()
    const some = open.slice(0, 3).map(({ key }) => key)
    const [slowest] = tracker.lagging()
    const slow = slowest === undefined ? null : this.#describe(slowest)
    const seconds = Math.round(settings.stallMs / 1000)
    const stalled = `nothing has moved for ${seconds} s; ${open.length} moves are left, among them ${some.join(', ')}`
    return {
      outcome: 'stopped',
      exit: 'stoppedHalfWay',
      code: slow?.code ?? 'STALLED',
      message: slow === null ? stalled : `nothing got on for ${seconds} s: ${slow.text}`,
    }
  }

  #noteOnce(code: string, text: string): void {
    if (this.#noted.get(code) === text) return
    this.#noted.set(code, text)
    this.#parts.ledger.note(code, text)
  }

  #now(): number {
    return this.#parts.ports.clock.nowMs()
  }
}

const named = (ids: readonly number[]): string =>
  ids.length === 1 ? `broker ${ids.join()} is` : `brokers ${ids.join(', ')} are`

function brokersDown(ids: readonly number[]): RunEnd {
  return {
    outcome: 'stopped',
    exit: 'needsPerson',
    code: 'BROKER_DOWN',
    message: `${named(ids)} down, and moves to it cannot end`,
  }
}
