import type { WriteOutcome } from '../../ports/cluster-writer.js'
import { LASTING, listFull, stopWhenForbidden } from './ends.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import { RetryPause } from './retry-pause.js'
import type { RunEnd, RunPorts } from './run-types.js'
import type { ThrottleLease } from './throttle/lease.js'
import type { FullList } from './throttle/list-room.js'

/** What {@link Submitter} works with. */
export interface SubmitterParts {
  readonly ports: RunPorts
  readonly ledger: Ledger
  readonly lease: ThrottleLease
}

/** What came of a submission. */
export interface Submission {
  /** Kafka took something, or may have: it is worth looking again soon. */
  readonly isTaken: boolean
  /** A refusal that stays one: nothing more should be started. */
  readonly end: RunEnd | null
}

const NOTHING: Submission = { isTaken: false, end: null }

/** Sends moves to Kafka, throttled and written down first, and heeds what it answers. */
export class Submitter {
  readonly #parts: SubmitterParts
  readonly #refused = new Set<number>()
  readonly #retries: RetryPause

  constructor(parts: SubmitterParts) {
    this.#parts = parts
    this.#retries = new RetryPause(() => parts.ports.clock.nowMs())
  }

  /** `stillFree` says, right before they are sent, which moves nobody else has touched since they were judged. */
  async submit(
    wanted: readonly Move[],
    liveBrokers: ReadonlySet<number>,
    stillFree: (moves: readonly Move[]) => Promise<readonly Move[]>,
  ): Promise<Submission> {
    const { ledger, lease, ports } = this.#parts
    const due = wanted.filter(({ step }) => this.#retries.isDue(step))
    if (due.length === 0) return NOTHING
    const admission = await lease.admit(due, ledger.underWay(), liveBrokers)
    const fullEnd = admission.full === null ? null : this.#stopForFull(admission.full)
    const moves = await stillFree(admission.moves)
    if (moves.length === 0) return { isTaken: false, end: fullEnd }
    await ledger.mark(moves, 'intent')
    const outcomes = await ports.writer.submitReassignments(
      moves.map(({ topic, partition, to, changesReplicationFactor }) => ({
        topic,
        partition,
        replicas: to,
        allowReplicationFactorChange: changesReplicationFactor,
      })),
    )
    const withStatus = (status: WriteOutcome['status']): readonly Move[] =>
      moves.filter((_move, index) => outcomes[index]?.status === status)
    const accepted = withStatus('ok')
    const unknown = withStatus('unknown')
    await ledger.mark(accepted, 'submitted')
    await ledger.mark(unknown, 'unknown')
    for (const { step } of [...accepted, ...unknown]) this.#retries.accepted(step)
    let end = fullEnd
    for (const [index, move] of moves.entries()) {
      const refusal = await this.#heedRefusal(move, outcomes[index])
      end ??= refusal
    }
    stopWhenForbidden(outcomes)
    return { isTaken: accepted.length + unknown.length > 0, end }
  }

  /** What waits for room in a list that others have filled would wait for ever. */
  #stopForFull(full: FullList): RunEnd {
    const end = listFull(full)
    this.#parts.ledger.note(end.code, end.message)
    return end
  }

  /**
   * A refusal that will stay one ends the move; what was not processed is tried again, less and less often. The first
   * refusal does not count: a target may have died since the cluster was read, and it may come back.
   */
  async #heedRefusal(move: Move, outcome: WriteOutcome | undefined): Promise<RunEnd | null> {
    if (outcome?.status !== 'refused') return null
    this.#retries.refused(move.step)
    if (!LASTING.has(outcome.code)) return null
    const isFirst = !this.#refused.has(move.step)
    this.#refused.add(move.step)
    if (isFirst) return null
    const text = `Kafka refused to move ${move.key}: ${outcome.message}`
    const { ledger } = this.#parts
    await ledger.mark([move], 'skipped', { code: outcome.code, text })
    ledger.note(outcome.code, text)
    return { outcome: 'stopped', exit: 'stoppedHalfWay', code: 'MOVE_REFUSED', message: text }
  }
}
