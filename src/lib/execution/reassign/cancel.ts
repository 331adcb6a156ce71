import type { ExecutionReport } from '../../plan/execution-report.js'
import type { WriteOutcome } from '../../ports/cluster-writer.js'
import { stopWhenForbidden } from './ends.js'
import { Elections } from './elections.js'
import { isOver, type ExecutionState } from './execution-state.js'
import { judgeUndo, livingOriginals, originalsWanted, type UndoVerdict } from './judge-undo.js'
import type { Move } from './moves.js'
import type { Observation } from './observe.js'
import { orderedTopics } from './ordered-topics.js'
import { PollPause } from './poll-pause.js'
import { readMinIsr } from './read-min-isr.js'
import { RetryPause } from './retry-pause.js'
import { RightsWatch } from './rights-watch.js'
import type { RunEnd } from './run-types.js'
import { Run } from './run.js'
import { concludeSession, refuseCancelled, type OpenSession } from './session.js'
import { Watchdog } from './watchdog.js'

/** A lost answer may hide a request that was taken: it is sent again only after this long. */
const SEND_AGAIN_MS = 10_000
/** A request whose answer was lost, or whose sender was killed, may be taken this much later, and no later. */
const LATE_MS = 10_000

/** Ends an execution: what is under way is taken back (or finished), what waits is left out, throttles go. */
export async function cancelSession(
  session: OpenSession,
  how: 'undo' | 'finish',
): Promise<ExecutionReport> {
  return concludeSession(session, async () => {
    const { ledger, state } = session
    if (isOver(state)) return wasOver(state)
    if (how === 'finish') refuseCancelled(session)
    const left = ledger.open().filter((move) => ledger.statusOf(move) === 'planned')
    const text = 'left out: the execution was cancelled'
    await ledger.mark(left, 'skipped', { code: 'CANCELLED', text })
    if (how === 'undo') return new Undo(session).toEnd()
    const end = await new Run({ ...session, heals: false }).toEnd()
    return end.outcome === 'finished' ? cancelled(session) : end
  })
}

/** A cancel that comes too late changes nothing, and above all not what the journal says of the end. */
function wasOver({ started, ended }: ExecutionState): RunEnd {
  const outcome = ended?.outcome ?? 'finished'
  return {
    outcome,
    exit: 'done',
    code: 'ALREADY_OVER',
    message: `plan ${started.plan.id} was ${outcome} before: nothing was in flight, and nothing is taken back`,
  }
}

function cancelled({ ledger }: OpenSession): RunEnd {
  return {
    outcome: 'cancelled',
    exit: 'done',
    code: 'CANCELLED',
    message: `${ledger.count('undone')} moves taken back, ${ledger.count('done')} stay done`,
  }
}

class Undo {
  readonly #session: OpenSession
  readonly #pause = new PollPause()
  readonly #watchdog: Watchdog
  readonly #retries: RetryPause
  readonly #elections: Elections
  readonly #rights: RightsWatch
  readonly #sentAtMs = new Map<number, number>()
  /** Until then the request that began the move may still arrive, even after the move was taken back. */
  readonly #inDoubtUntilMs = new Map<number, number>()
  #minIsr: ReadonlyMap<string, number> = new Map()
  /** Why moves are not taken back: the last word of Kafka, or ours. */
  #refusal: string | null = null
  /** Somebody else has moved a partition: what they did stays. */
  #foreign: string | null = null

  constructor(session: OpenSession) {
    this.#session = session
    const { ledger, ports, state } = session
    const nowMs = (): number => ports.clock.nowMs()
    this.#watchdog = new Watchdog(session)
    this.#retries = new RetryPause(nowMs)
    this.#elections = new Elections(ledger, ports)
    this.#rights = new RightsWatch(ports)
    for (const move of ledger.underWay()) {
      const status = ledger.statusOf(move)
      if (status === 'undoing') this.#sentAtMs.set(move.step, nowMs())
      const sentAt = state.sentAt.get(move.step)
      if (sentAt !== undefined) this.#inDoubtUntilMs.set(move.step, Date.parse(sentAt) + LATE_MS)
    }
  }

  async toEnd(): Promise<RunEnd> {
    const { ledger, ports, settings, tracker } = this.#session
    const startMs = ports.clock.nowMs()
    for (;;) {
      await this.#watchdog.tolerating(() => this.#round())
      this.#watchdog.heedOutage()
      ports.onEvent({ type: 'progress', progress: tracker.figures() })
      if (ledger.underWay().length === 0) return this.#over()
      const isLate = ports.clock.nowMs() - startMs > settings.patienceMs
      if (isLate || ports.stop.aborted) return this.#givenUp(ports.stop.aborted)
      await ports.clock.sleep(this.#pause.next(), ports.stop)
    }
  }

  async #round(): Promise<Observation> {
    const { ledger } = this.#session
    const open = ledger.underWay()
    await this.#learnMinIsr(orderedTopics(open))
    const seen = await this.#rights.observe(orderedTopics(open))
    ledger.heedFlights(seen.inFlight)
    const verdicts = new Map<UndoVerdict, Move[]>()
    for (const move of open) {
      const verdict = this.#judge(move, seen)
      verdicts.set(verdict, [...(verdicts.get(verdict) ?? []), move])
    }
    await this.#settle(verdicts, seen)
    // A move that ended before it could be taken back is made whole: the first of its replicas leads.
    if (await this.#elections.elect(verdicts.get('elect') ?? [])) this.#pause.reset()
    await this.#submit(verdicts.get('submit') ?? [])
    return seen
  }

  /** Asked again while one is missing: of an unknown min ISR the most is asked, and that may never be there. */
  async #learnMinIsr(topics: readonly string[]): Promise<void> {
    if (topics.every((topic) => this.#minIsr.has(topic))) return
    this.#minIsr = await readMinIsr(this.#session.ports.reader, topics)
  }

  #judge(move: Move, { views, unreadTopics, liveBrokers }: Observation): UndoVerdict {
    if (unreadTopics.has(move.topic)) return 'wait'
    const view = views.get(move.key) ?? null
    if (view === null && !this.#watchdog.isGone(move)) return 'wait'
    if (view !== null) this.#watchdog.isThere(move)
    const sentAt = this.#sentAtMs.get(move.step)
    const sinceSentMs = sentAt === undefined ? null : this.#session.ports.clock.nowMs() - sentAt
    const minIsr = this.#minIsr.get(move.topic) ?? null
    const sinceChangeMs = this.#session.ledger.sinceChange(move) ?? 0
    return judgeUndo(move, view, { sinceSentMs, sinceChangeMs, liveBrokers, minIsr })
  }

  /** Writes down what is over, and leaves alone what is not ours or not safe to take back. */
  async #settle(
    verdicts: ReadonlyMap<UndoVerdict, readonly Move[]>,
    seen: Observation,
  ): Promise<void> {
    const { ledger, ports } = this.#session
    const movesOf = (verdict: UndoVerdict): readonly Move[] => verdicts.get(verdict) ?? []
    const now = ports.clock.nowMs()
    const undone = movesOf('undone').filter(
      ({ step }) => now >= (this.#inDoubtUntilMs.get(step) ?? 0),
    )
    await ledger.mark(undone, 'undone')
    await ledger.mark(movesOf('finished'), 'done')
    const text = 'its topic is gone'
    await ledger.mark(movesOf('gone'), 'skipped', { code: 'TOPIC_DELETED', text })
    for (const move of movesOf('foreign')) await this.#leaveToOthers(move)
    for (const move of movesOf('unsafe')) this.#holdBack(move, seen)
  }

  async #leaveToOthers(move: Move): Promise<void> {
    const { ledger } = this.#session
    const text = `somebody else has moved ${move.key}: it is not taken back`
    await ledger.mark([move], 'skipped', { code: 'CHANGED_BY_OTHERS', text })
    ledger.note('CHANGED_BY_OTHERS', text)
    this.#foreign = text
  }

  #holdBack(move: Move, { views, liveBrokers }: Observation): void {
    const { key, from, topic } = move
    const view = views.get(key)
    if (view === undefined) return
    const there = livingOriginals(move, view, { liveBrokers }).length
    const wanted = originalsWanted(move, view, this.#minIsr.get(topic) ?? null)
    const text =
      there === 0
        ? `none of the original replicas [${from.join(',')}] of ${key} is alive and in sync, and taking it back could drop its only copy`
        : `${there} of the original replicas [${from.join(',')}] of ${key} are alive and in sync, and ${wanted} have to be before the new ones may go`
    if (this.#refusal !== text) this.#session.ledger.note('ONLY_COPY', text)
    this.#refusal = text
  }

  #over(): RunEnd {
    const end = cancelled(this.#session)
    if (this.#foreign === null) return end
    const message = `${end.message}; ${this.#foreign}`
    return { ...end, exit: 'stoppedHalfWay', code: 'FOREIGN_OPERATOR', message }
  }

  async #submit(moves: readonly Move[]): Promise<void> {
    const { ledger, ports } = this.#session
    const now = ports.clock.nowMs()
    const due = moves.filter(({ step }) => {
      const sentAt = this.#sentAtMs.get(step)
      const isDue = sentAt === undefined || now - sentAt >= SEND_AGAIN_MS
      return isDue && this.#retries.isDue(step)
    })
    if (due.length === 0) return
    await ledger.mark(due, 'undoing')
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
    this.#pause.reset()
  }

  #heed({ step, key }: Move, outcome: WriteOutcome | undefined): void {
    if (outcome?.status !== 'refused') return
    this.#sentAtMs.delete(step)
    this.#retries.refused(step)
    const refusal = `Kafka refused to take ${key} back: ${outcome.message}`
    if (this.#refusal !== refusal) this.#session.ledger.note(outcome.code, refusal)
    this.#refusal = refusal
  }

  #givenUp(wasAsked: boolean): RunEnd {
    const left = this.#session.ledger.underWay()
    const some = left.slice(0, 3).map(({ key }) => key)
    const why = this.#refusal ?? 'their original brokers may be down'
    return {
      outcome: wasAsked ? 'interrupted' : 'stopped',
      exit: wasAsked ? 'interrupted' : 'needsPerson',
      code: 'NOT_TAKEN_BACK',
      message: `${left.length} moves are not taken back yet (${some.join(', ')}): ${why}`,
    }
  }
}
