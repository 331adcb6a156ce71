import type { Reason } from '../../plan/plan.js'
import { Elections } from './elections.js'
import { deadlineOf, type Deadline } from './deadline.js'
import { DiskRescue } from './disk-rescue.js'
import { endOf, foreignOperator, INTERRUPTED } from './ends.js'
import { judgeMove, type Verdict } from './judge-move.js'
import { judgeReturn } from './judge-return.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import { orderedTopics } from './ordered-topics.js'
import { NextBatch } from './next-batch.js'
import type { Observation } from './observe.js'
import { PollPause } from './poll-pause.js'
import { RightsWatch } from './rights-watch.js'
import type { RunEnd, RunPorts, RunSettings } from './run-types.js'
import { Submitter } from './submitter.js'
import type { ThrottleSteering } from './throttle/auto/steering.js'
import type { ThrottleLease } from './throttle/lease.js'
import type { Tracker } from './tracker.js'
import { Troubles } from './troubles.js'
import { Watchdog } from './watchdog.js'

/** One run needs these, made for it. */
export interface RunParts {
  readonly ports: RunPorts
  readonly settings: RunSettings
  readonly ledger: Ledger
  readonly lease: ThrottleLease
  readonly tracker: Tracker
  /** Follows what brokers can spare (`--throttle auto`); null for a fixed throttle, or none. */
  readonly steering: ThrottleSteering | null
  /** Topics that Kafka keeps for itself: their partitions move last. */
  readonly internalTopics: ReadonlySet<string>
  /** Whether the plan heals: what mended itself meanwhile is then left out. */
  readonly heals: boolean
  /** Nothing is sent any more: what Kafka surely never had is left out with this reason. */
  readonly leavesOut?: Reason
}

/**
 * Carries the open moves of a ledger out. Each round: read the cluster, judge every move under way, elect where data is
 * in place, narrow the throttle, start what fits. It ends when nothing is left, or when something says to stop: then
 * what is under way is finished first. The throttle is given back by the caller, whatever happens here.
 */
export class Run {
  readonly #parts: RunParts
  readonly #pause = new PollPause()
  readonly #watchdog: Watchdog
  readonly #deadline: Deadline | null
  readonly #elections: Elections
  readonly #submitter: Submitter
  readonly #troubles: Troubles
  readonly #rights: RightsWatch
  /** Moves that were to be sent, and of which the cluster knows nothing: they do not hold up an end. */
  #unsent: ReadonlySet<number> = new Set()
  #liveBrokers: ReadonlySet<number> = new Set()
  /** When the last look at the cluster began. */
  #seenAtMs = 0
  #hasTakenUp = false
  #knowsSizes = false
  readonly #batch: NextBatch
  readonly #rescue: DiskRescue
  /** Why no further moves are started; null while they are. */
  #stopping: RunEnd | null = null

  constructor(parts: RunParts) {
    this.#parts = parts
    this.#watchdog = new Watchdog(parts)
    this.#elections = new Elections(parts.ledger, parts.ports)
    this.#submitter = new Submitter(parts)
    this.#troubles = new Troubles(parts)
    this.#rights = new RightsWatch(parts.ports)
    this.#deadline = deadlineOf(parts.settings, parts.ports.clock.nowMs())
    this.#batch = new NextBatch(parts, this.#watchdog, this.#deadline)
    this.#rescue = new DiskRescue(parts)
  }

  /** Runs to the end; throws only OperatorErrors (journal, throttle, rights). */
  async toEnd(): Promise<RunEnd> {
    const { ledger, ports, steering } = this.#parts
    const fetches = await steering?.begin(ledger.open())
    if (fetches !== undefined) this.#batch.spare(fetches)
    for (;;) {
      this.#heedEnd()
      const seen = await this.#watchdog.tolerating(() => this.#round())
      const givenUp = this.#watchdog.givesUp(seen) ?? this.#rescue.givesUp(this.#unsent)
      if (givenUp !== null) return givenUp
      const isIdle = ledger.underWay().every((move) => this.#unsent.has(move.step))
      if (seen !== null && isIdle && this.#stopping !== null) return this.#stopping
      if (seen !== null && ledger.open().length === 0) return endOf(ledger)
      const pause = this.#pause.next(this.#expectedMs())
      await ports.clock.sleep(pause, this.#stopping === null ? ports.stop : undefined)
    }
  }

  /** When something is expected to happen: a broker may have nothing left to copy, or gets its next rate. */
  #expectedMs(): number | null {
    const { lease, tracker } = this.#parts
    const toDry = tracker.secondsToDry()
    const dryMs = toDry === null ? null : (toDry * 1000) / 2
    return lease.isRising ? Math.min(RISE_MS, dryMs ?? RISE_MS) : dryMs
  }

  /** A signal, or the end of the time that was given: what is under way is finished, nothing more is started. */
  #heedEnd(): void {
    const { ports, ledger } = this.#parts
    if (this.#stopping !== null) return
    const isOver = this.#deadline !== null && ports.clock.nowMs() >= this.#deadline.atMs
    if (ports.stop.aborted) this.#stopping = INTERRUPTED
    else if (isOver) this.#stopping = this.#deadline.end
    else return
    const left = ledger.underWay().length
    if (left > 0) ledger.note('FINISHING', `what is under way is finished first: ${left}`)
  }

  /** One look at the cluster, and all that follows from it. */
  async #round(): Promise<Observation> {
    const { ports, ledger, lease, tracker } = this.#parts
    await this.#rescue.look()
    const seen = await this.#observe()
    this.#liveBrokers = seen.liveBrokers
    tracker.heed(seen)
    ledger.heedFlights(seen.inFlight)
    if (!this.#hasTakenUp) await lease.takeUp(ledger.underWay(), seen.liveBrokers)
    this.#hasTakenUp = true
    if (!this.#knowsSizes) await tracker.learnSizes()
    this.#knowsSizes = true
    if (await this.#rescue.round(seen)) this.#pause.reset()
    this.#stopping = this.#rescue.end ?? this.#stopping
    const ours = ledger.underWay().filter((move) => !this.#rescue.takesBack(move))
    const unsent = await this.#settle(ours, seen)
    const areAlive = ({ to }: Move): boolean => to.every((id) => seen.liveBrokers.has(id))
    const { leavesOut } = this.#parts
    if (leavesOut !== undefined)
      await ledger.mark(surelyUnsent(unsent, ledger), 'skipped', leavesOut)
    else if (this.#stopping === null) await this.#submit(unsent.filter(areAlive))
    const unsentForGood = this.#stopping === null ? [] : surelyUnsent(unsent, ledger)
    this.#unsent = new Set(unsentForGood.map(({ step }) => step))
    await lease.narrow(ledger.underWay())
    this.#parts.steering?.heed(ledger.underWay(), ledger.open())
    await lease.heed(ledger.underWay(), seen.liveBrokers)
    this.#heedForeigners(seen)
    if (this.#stopping === null) await this.#start(seen)
    ports.onEvent({ type: 'progress', progress: await tracker.progress() })
    return seen
  }

  async #observe(): Promise<Observation> {
    this.#seenAtMs = this.#parts.ports.clock.nowMs()
    return this.#rights.observe(orderedTopics(this.#parts.ledger.open()))
  }

  /** Judges moves and does all that needs no new reassignment; returns those that have to be submitted. */
  async #settle(moves: readonly Move[], seen: Observation): Promise<readonly Move[]> {
    const { ledger } = this.#parts
    const byKind = groupByVerdict(moves, (move) => this.#judge(move, seen))
    const done = byKind.get('done') ?? []
    await ledger.markPlaced(
      done.map(({ move }) => move),
      'done',
    )
    for (const { move, verdict } of [
      ...(byKind.get('gone') ?? []),
      ...(byKind.get('foreign') ?? []),
    ]) {
      if (verdict.kind !== 'gone' && verdict.kind !== 'foreign') continue
      await this.#giveUpOn(move, verdict.reason, verdict.kind)
    }
    const arrived = (byKind.get('elect') ?? []).map(({ move }) => move)
    if (await this.#elections.elect(arrived)) this.#pause.reset()
    const copying = (byKind.get('wait') ?? []).map(({ move }) => move)
    await ledger.mark(
      copying.filter((move) => seen.inFlight.has(move.key) && isBefore(ledger, move)),
      'copying',
    )
    const again = (byKind.get('submit') ?? []).map(({ move }) => move)
    if (done.length > 0) this.#pause.reset()
    return again
  }

  #judge(move: Move, seen: Observation): Verdict {
    if (seen.unreadTopics.has(move.topic)) return { kind: 'wait' }
    const { ledger } = this.#parts
    const view = seen.views.get(move.key) ?? null
    if (view === null && !this.#watchdog.isGone(move)) return { kind: 'wait' }
    if (view !== null) this.#watchdog.isThere(move)
    const isBegun = ledger.statusOf(move) !== 'planned'
    const returned =
      isBegun || !this.#parts.heals ? null : judgeReturn(move, view, seen.liveBrokers)
    return returned ?? judgeMove(move, ledger.statusOf(move), view, ledger.sinceChange(move))
  }

  async #giveUpOn(move: Move, reason: Reason, kind: 'gone' | 'foreign'): Promise<void> {
    const { ledger } = this.#parts
    await ledger.mark([move], 'skipped', reason)
    ledger.note(reason.code, reason.text)
    if (kind === 'foreign') this.#stopping ??= foreignOperator(reason.text)
  }

  #heedForeigners({ inFlight }: Observation): void {
    const { ledger, settings } = this.#parts
    if (settings.besideOthers || this.#stopping !== null) return
    // What we are done with is in flight for somebody else.
    const ours = new Set(ledger.open().map(({ key }) => key))
    const other = [...inFlight.keys()].find((key) => !ours.has(key))
    if (other === undefined) return
    this.#stopping = foreignOperator(`somebody else is moving ${other}`)
    ledger.note(this.#stopping.code, this.#stopping.message)
  }

  async #start(seen: Observation): Promise<void> {
    const { ledger } = this.#parts
    for (const { move, reason } of ledger.stranded()) await ledger.mark([move], 'skipped', reason)
    if (this.#watchdog.mustWait(seen)) return
    const troubles = await this.#troubles.look(seen)
    const end = this.#troubles.endOf(troubles)
    if (end !== null) {
      ledger.note(end.code, end.message)
      this.#stopping = end
      return
    }
    const settled = await this.#settle(ledger.waiting(), seen)
    const ready = this.#watchdog.mayStartBeside(troubles, settled)
    const { moves, end: tooLate } = await this.#batch.pick(ready, seen)
    this.#stopping ??= tooLate
    if (moves.length > 0) await this.#submit(moves)
  }

  async #submit(moves: readonly Move[]): Promise<void> {
    const stillFree = (some: readonly Move[]): Promise<readonly Move[]> => this.#stillFree(some)
    const { isTaken, end } = await this.#submitter.submit(moves, this.#liveBrokers, stillFree)
    this.#stopping ??= end
    if (isTaken) this.#pause.reset()
  }

  /**
   * Of moves that are about to be sent, those that still have to be. Brokers that hang make a round last long, and a request of
   * ours would override what somebody else has begun meanwhile: a look that is too old is taken again.
   */
  async #stillFree(moves: readonly Move[]): Promise<readonly Move[]> {
    const ageMs = this.#parts.ports.clock.nowMs() - this.#seenAtMs
    if (moves.length === 0 || ageMs <= FRESH_MS) return moves
    const seen = await this.#observe()
    this.#heedForeigners(seen)
    if (this.#stopping !== null) return []
    return moves.filter((move) => this.#judge(move, seen).kind === 'submit')
  }
}

/** While rates of brokers rise, the next step is made this soon. */
const RISE_MS = 1_000

/** Moves are sent by a look at the cluster that is no older than this. */
const FRESH_MS = 3_000

/** A lost request may still arrive: only after a while is it certain that it will not. */
const surelyUnsent = (moves: readonly Move[], ledger: Ledger): readonly Move[] =>
  moves.filter((move) => !ledger.mayArrive(move))

const isBefore = (ledger: Ledger, move: Move): boolean =>
  ['intent', 'unknown', 'submitted'].includes(ledger.statusOf(move))

type Judged = { readonly move: Move; readonly verdict: Verdict }

function groupByVerdict(
  moves: readonly Move[],
  judge: (move: Move) => Verdict,
): ReadonlyMap<Verdict['kind'], readonly Judged[]> {
  const groups = new Map<Verdict['kind'], Judged[]>()
  for (const move of moves) {
    const verdict = judge(move)
    const group = groups.get(verdict.kind) ?? []
    group.push({ move, verdict })
    groups.set(verdict.kind, group)
  }
  return groups
}
