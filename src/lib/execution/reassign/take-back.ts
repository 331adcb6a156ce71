import type { Reason } from '../../plan/plan.js'
import type { WriteOutcome } from '../../ports/cluster-writer.js'
import { Absences } from './absences.js'
import { Elections } from './elections.js'
import { stopWhenForbidden } from './ends.js'
import { judgeUndo, whyUnsafe, type UndoVerdict } from './judge-undo.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import type { Observation } from './observe.js'
import { orderedTopics } from './ordered-topics.js'
import { readMinIsr } from './read-min-isr.js'
import { RetryPause } from './retry-pause.js'
import type { RunPorts } from './run-types.js'

/** A lost answer may hide a request that was taken: it is sent again only after this long. */
const SEND_AGAIN_MS = 10_000
/** A min ISR that could not be read is asked for again after this long. */
const ASK_AGAIN_MS = 3_000

interface TakeBackParts {
  readonly ports: RunPorts
  readonly ledger: Ledger
  /** Why moves are taken back, for their records; absent when all of them are, because somebody asked for it. */
  readonly reason?: Reason
}

/** Takes moves back by their original lists, in order, a round at a time, as far as that is safe. */
export class TakeBack {
  readonly #parts: TakeBackParts
  readonly #absences: Absences
  readonly #retries: RetryPause
  readonly #elections: Elections
  readonly #known = new Set<number>()
  readonly #sentAtMs = new Map<number, number>()
  #minIsr: ReadonlyMap<string, number> = new Map()
  readonly #askedAtMs = new Map<string, number>()
  #refusal: string | null = null
  #foreign: string | null = null

  constructor(parts: TakeBackParts) {
    this.#parts = parts
    const nowMs = (): number => parts.ports.clock.nowMs()
    this.#absences = new Absences(nowMs)
    this.#retries = new RetryPause(nowMs)
    this.#elections = new Elections(parts.ledger, parts.ports)
  }

  /** Why moves are not taken back: the last word of Kafka, or ours; null for none. */
  get refusal(): string | null {
    return this.#refusal
  }

  /** That somebody else has moved one of the partitions, which then stays where it is; null while nobody has. */
  get foreign(): string | null {
    return this.#foreign
  }

  /** To be called before the cluster is looked at. */
  async learn(moves: readonly Move[]): Promise<void> {
    for (const move of moves) this.#meet(move)
    await this.#learnMinIsr(orderedTopics(moves))
  }

  /** Judges these moves by what was seen, and does what follows; returns whether anything was sent. */
  async round(moves: readonly Move[], seen: Observation): Promise<boolean> {
    const verdicts = new Map<UndoVerdict, Move[]>()
    for (const move of moves) {
      const verdict = this.#judge(move, seen)
      verdicts.set(verdict, [...(verdicts.get(verdict) ?? []), move])
    }
    await this.#settle(verdicts, seen)
    // A move that ended before it could be taken back is made whole: the first of its replicas leads.
    const isElecting = await this.#elections.elect(verdicts.get('elect') ?? [])
    const isSending = await this.#submit(verdicts.get('submit') ?? [])
    return isElecting || isSending
  }

  #meet(move: Move): void {
    if (this.#known.has(move.step)) return
    this.#known.add(move.step)
    const { ledger, ports } = this.#parts
    if (ledger.statusOf(move) === 'undoing') this.#sentAtMs.set(move.step, ports.clock.nowMs())
  }

  /** Asked again while one is missing: of an unknown min ISR the most is asked, and that may never be there. */
  async #learnMinIsr(topics: readonly string[]): Promise<void> {
    const { clock, reader } = this.#parts.ports
    const now = clock.nowMs()
    const due = topics.filter((topic) => {
      const askedAt = this.#askedAtMs.get(topic) ?? Number.NEGATIVE_INFINITY
      return !this.#minIsr.has(topic) && now - askedAt >= ASK_AGAIN_MS
    })
    if (due.length === 0) return
    for (const topic of due) this.#askedAtMs.set(topic, now)
    this.#minIsr = new Map([...this.#minIsr, ...(await readMinIsr(reader, due))])
  }

  #judge(move: Move, { views, unreadTopics, liveBrokers }: Observation): UndoVerdict {
    if (unreadTopics.has(move.topic)) return 'wait'
    const view = views.get(move.key) ?? null
    if (view === null && !this.#absences.isGone(move.key)) return 'wait'
    if (view !== null) this.#absences.isThere(move.key)
    const sentAt = this.#sentAtMs.get(move.step)
    const sinceSentMs = sentAt === undefined ? null : this.#parts.ports.clock.nowMs() - sentAt
    const minIsr = this.#minIsr.get(move.topic) ?? null
    const sinceChangeMs = this.#parts.ledger.sinceChange(move) ?? 0
    return judgeUndo(move, view, { sinceSentMs, sinceChangeMs, liveBrokers, minIsr })
  }

  /** Writes down what is over, and leaves alone what is not ours or not safe to take back. */
  async #settle(
    verdicts: ReadonlyMap<UndoVerdict, readonly Move[]>,
    seen: Observation,
  ): Promise<void> {
    const { ledger } = this.#parts
    const movesOf = (verdict: UndoVerdict): readonly Move[] => verdicts.get(verdict) ?? []
    // The request that began a move may still arrive, even after the move was taken back.
    const undone = movesOf('undone').filter((move) => !ledger.mayArrive(move))
    await ledger.mark(undone, 'undone', this.#parts.reason)
    await ledger.mark(movesOf('finished'), 'done')
    const text = 'its topic is gone'
    await ledger.mark(movesOf('gone'), 'skipped', { code: 'TOPIC_DELETED', text })
    for (const move of movesOf('foreign')) await this.#leaveToOthers(move)
    for (const move of movesOf('unsafe')) this.#holdBack(move, seen)
  }

  async #leaveToOthers(move: Move): Promise<void> {
    const { ledger } = this.#parts
    const text = `somebody else has moved ${move.key}: it is not taken back`
    await ledger.mark([move], 'skipped', { code: 'CHANGED_BY_OTHERS', text })
    ledger.note('CHANGED_BY_OTHERS', text)
    this.#foreign = text
  }

  #holdBack(move: Move, { views, liveBrokers }: Observation): void {
    const view = views.get(move.key)
    if (view === undefined) return
    const minIsr = this.#minIsr.get(move.topic) ?? null
    const text = whyUnsafe(move, view, { liveBrokers, minIsr })
    if (this.#refusal !== text) this.#parts.ledger.note('ONLY_COPY', text)
    this.#refusal = text
  }

  async #submit(moves: readonly Move[]): Promise<boolean> {
    const { ledger, ports } = this.#parts
    const now = ports.clock.nowMs()
    const due = moves.filter(({ step }) => {
      const sentAt = this.#sentAtMs.get(step)
      const isDue = sentAt === undefined || now - sentAt >= SEND_AGAIN_MS
      return isDue && this.#retries.isDue(step)
    })
    if (due.length === 0) return false
    await ledger.mark(due, 'undoing', this.#parts.reason)
    for (const { step } of due) this.#sentAtMs.set(step, now)
    const outcomes = await ports.writer.submitReassignments(
      due.map(({ topic, partition, from, changesReplicationFactor }) => ({
        topic,
        partition,
        replicas: from,
        allowReplicationFactorChange: changesReplicationFactor,
      })),
    )
    stopWhenForbidden(outcomes)
    for (const [index, move] of due.entries()) this.#heed(move, outcomes[index])
    return true
  }

  #heed({ step, key }: Move, outcome: WriteOutcome | undefined): void {
    if (outcome?.status !== 'refused') return
    this.#sentAtMs.delete(step)
    this.#retries.refused(step)
    const refusal = `Kafka refused to take ${key} back: ${outcome.message}`
    if (this.#refusal !== refusal) this.#parts.ledger.note(outcome.code, refusal)
    this.#refusal = refusal
  }
}
