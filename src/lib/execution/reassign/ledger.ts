import type { Reason } from '../../plan/plan.js'
import type { Clock } from '../../ports/clock.js'
import type { Journal, JournalRecord, MoveRecord, MoveState } from '../../ports/journal.js'
import type { ExecutionEvent } from './events.js'
import { LATE_MS } from './doubts.js'
import { ALREADY_DONE, isFinal, mayBeUnderWay, type MoveStatus } from './execution-state.js'
import type { Move } from './moves.js'

type Unstamped = JournalRecord extends infer R
  ? R extends JournalRecord
    ? Omit<R, 'at'>
    : never
  : never

/** What is known of a move: its last record. */
export type MoveFact = Pick<MoveRecord, 'state' | 'reason'>

/** What a ledger writes to. */
export interface LedgerPorts {
  readonly journal: Journal
  readonly clock: Clock
  readonly onEvent: (event: ExecutionEvent) => void
}

const FOUND_DONE: Reason = { code: ALREADY_DONE, text: 'it had the planned replicas already' }
const STEP_BEFORE: Reason = { code: 'STEP_BEFORE', text: 'the step before it was not made' }

/** The moves of one execution and where each stands; every change is durable before it counts. */
export class Ledger {
  readonly moves: readonly Move[]
  readonly #ports: LedgerPorts
  readonly #records: Map<number, MoveFact>
  readonly #changedAtMs = new Map<number, number>()
  /** Of each step that is not the first for its partition, the one before it. */
  readonly #before: ReadonlyMap<number, number>
  /** Until when a request may still arrive, by step: also after a later one was refused. */
  readonly #doubts: Map<number, number>

  constructor(
    moves: readonly Move[],
    known: ReadonlyMap<number, MoveFact>,
    ports: LedgerPorts,
    doubts: ReadonlyMap<number, number> = new Map(),
  ) {
    this.moves = moves
    this.#doubts = new Map(doubts)
    this.#records = new Map(known)
    this.#ports = ports
    const now = ports.clock.nowMs()
    for (const step of known.keys()) this.#changedAtMs.set(step, now)
    this.#before = stepsBefore(moves)
  }

  statusOf({ step }: Move): MoveStatus {
    return this.#records.get(step)?.state ?? 'planned'
  }

  reasonOf({ step }: Move): Reason | undefined {
    return this.#records.get(step)?.reason
  }

  /** Writes that the data of moves is in place; of those that were found so before we did anything, says that too. */
  async markPlaced(moves: readonly Move[], state: 'electing' | 'done'): Promise<void> {
    const ours = moves.filter((move) => this.#whyPlaced(move) === undefined)
    await this.mark(ours, state)
    const found = moves.filter((move) => !ours.includes(move))
    await this.mark(found, state, FOUND_DONE)
  }

  #whyPlaced(move: Move): Reason | undefined {
    const known = this.reasonOf(move)
    if (known?.code === ALREADY_DONE) return known
    return this.statusOf(move) === 'planned' ? FOUND_DONE : undefined
  }

  /** Whether somebody else had made the move before we came to it. */
  isForeign(move: Move): boolean {
    return this.reasonOf(move)?.code === ALREADY_DONE
  }

  /** The controller lists these partitions as in flight now. */
  heedFlights(keys: ReadonlyMap<string, unknown>): void {
    const now = this.#ports.clock.nowMs()
    for (const { key, step } of this.underWay()) if (keys.has(key)) this.#changedAtMs.set(step, now)
  }

  /**
   * Milliseconds since the move was sent, this process took it over, or the controller last listed it, whichever was last:
   * what brokers say of it may be as old as that. Of a move that was not sent, the same of the one before it for the same
   * partition; null when there is none.
   */
  sinceChange({ step }: Move): number | null {
    const at = this.#changedAtMs.get(step) ?? this.#changedAtMs.get(this.#before.get(step) ?? -1)
    return at === undefined ? null : this.#ports.clock.nowMs() - at
  }

  /** Whether a request of ours for this move may still arrive, whatever was seen of the cluster or answered since. */
  mayArrive({ step }: Move): boolean {
    return this.#ports.clock.nowMs() < (this.#doubts.get(step) ?? 0)
  }

  /** Moves of which Kafka may know, and whose end was not seen. */
  underWay(): readonly Move[] {
    return this.moves.filter((move) => mayBeUnderWay(this.statusOf(move)))
  }

  /** Moves that nothing was done about; of several for one partition only the first that is not over. */
  waiting(): readonly Move[] {
    const seen = new Set<string>()
    return this.moves.filter((move) => {
      const status = this.statusOf(move)
      if (isFinal(status) || seen.has(move.key)) return false
      seen.add(move.key)
      return status === 'planned'
    })
  }

  /** Moves that cannot be made any more, with why: a step before them for the same partition was left out, or taken back. */
  stranded(): readonly { readonly move: Move; readonly reason: Reason }[] {
    const lost = new Map<number, Reason>()
    return this.moves.flatMap((move) => {
      const status = this.statusOf(move)
      const before = lost.get(this.#before.get(move.step) ?? -1)
      const isLost = status === 'undone' || status === 'skipped'
      const reason = isLost ? (this.reasonOf(move) ?? STEP_BEFORE) : before
      if (reason !== undefined) lost.set(move.step, reason)
      return status === 'planned' && before !== undefined ? [{ move, reason: before }] : []
    })
  }

  /** Moves about which something remains to be done. */
  open(): readonly Move[] {
    return this.moves.filter((move) => !isFinal(this.statusOf(move)))
  }

  count(status: MoveStatus): number {
    return this.moves.filter((move) => this.statusOf(move) === status).length
  }

  /** Writes the new state of moves, all of them in one durable append. */
  async mark(moves: readonly Move[], state: MoveState, reason?: Reason): Promise<void> {
    if (moves.length === 0) return
    const fact = reason === undefined ? { state } : { state, reason }
    const lateMs = this.#ports.clock.nowMs() + LATE_MS
    // Before it is written: where that fails, the request is on its way all the same.
    if (state === 'unknown') for (const { step } of moves) this.#doubts.set(step, lateMs)
    await this.record(moves.map(({ step }) => ({ type: 'move', step, ...fact })))
    for (const move of moves) {
      this.#records.set(move.step, fact)
      if (state === 'intent') this.#changedAtMs.set(move.step, this.#ports.clock.nowMs())
      this.#ports.onEvent({ type: 'move', step: move.step, partition: move.key, ...fact })
    }
  }

  /** Writes records with the time of now. */
  async record(records: readonly Unstamped[]): Promise<void> {
    const at = new Date(this.#ports.clock.nowMs()).toISOString()
    await this.#ports.journal.append(records.map((record) => ({ ...record, at })))
  }

  note(code: string, text: string): void {
    this.#ports.onEvent({ type: 'note', code, text })
  }
}

function stepsBefore(moves: readonly Move[]): ReadonlyMap<number, number> {
  const last = new Map<string, number>()
  const before = new Map<number, number>()
  for (const { key, step } of moves) {
    const earlier = last.get(key)
    if (earlier !== undefined) before.set(step, earlier)
    last.set(key, step)
  }
  return before
}
