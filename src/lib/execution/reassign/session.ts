import { OperatorError } from '../../errors/operator-error.js'
import { growthPlanned } from './disk-growth.js'
import { isRescued } from './disk-rescue.js'
import { doubtsOf } from './doubts.js'
import { electOnceMore } from './elect-once-more.js'
import { truthOf } from './ends.js'
import type { ExecutionState } from './execution-state.js'
import { giveBack } from './give-back.js'
import { nameSome } from './guards/guard.js'
import { isFinal, isOver, takesBack } from './execution-state.js'
import { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import type { ExecutionReport, OpenMove, ThrottleDebt } from '../../plan/execution-report.js'
import type { RunEnd, RunPorts, RunSettings } from './run-types.js'
import { Run } from './run.js'
import { adoptsThrottles } from './throttle/adopted.js'
import { openSteering, type ThrottleSteering } from './throttle/auto/steering.js'
import { ThrottleLease } from './throttle/lease.js'
import { Tracker } from './tracker.js'
import { findDifferences } from './verify.js'

/** One process' hold on one execution: everything that a run, a resume and a cancel share. */
export interface Session {
  readonly ports: RunPorts
  readonly settings: RunSettings
  readonly state: ExecutionState
  readonly moves: readonly Move[]
  readonly internalTopics: ReadonlySet<string>
  readonly rollbackFile: string | null
  /** The host of this process, as journals name it. */
  readonly host?: string | undefined
}

/** What a session is made of, once open. */
export interface OpenSession extends Session {
  readonly ledger: Ledger
  readonly lease: ThrottleLease
  readonly tracker: Tracker
  readonly steering: ThrottleSteering | null
}

/** Puts the parts of a session together; nothing is read or written. */
export function openSession(session: Session): OpenSession {
  const { ports, settings, state, moves } = session
  const doubts = doubtsOf(state, session.host ?? null, ports.clock.nowMs())
  const ledger = new Ledger(moves, state.moves, ports, doubts)
  const { throttleBytesPerSec } = settings
  const lease = new ThrottleLease(
    {
      reader: ports.reader,
      writer: ports.writer,
      record: (records) => ledger.record(records),
      warn: (text) => ledger.note('THROTTLE', text),
      nowMs: () => ports.clock.nowMs(),
      executionId: state.started.executionId,
      adopts: adoptsThrottles(state.started.options),
    },
    state.holdings,
    throttleBytesPerSec,
  )
  const tracker = new Tracker(ledger, ports, {
    throttleBytesPerSec,
    mostBytesPerSec: settings.autoThrottle?.max,
    stallMs: settings.stallMs,
    growthPlanned: growthPlanned(state.started.plan),
  })
  const steering = openSteering(
    settings.autoThrottle,
    { lease, tracker },
    {
      ...ports,
      say: (text) => ledger.note('THROTTLE', text),
    },
  )
  return { ...session, ledger, lease, tracker, steering }
}

/**
 * Carries the open moves out, gives the throttle back whatever happens, writes the end to the journal and reports. An
 * OperatorError of the run is thrown again after that.
 */
export async function runSession(session: OpenSession): Promise<ExecutionReport> {
  refuseCancelled(session)
  const run = new Run({ ...session, heals: session.state.started.plan.kind === 'heal' })
  return concludeSession(session, async () => {
    const end = await run.toEnd()
    // Of an execution that was over before, leaders may have changed for whatever reason since.
    if (end.outcome === 'finished' && !isOver(session.state)) await electOnceMore(session)
    return end
  })
}

/** What was cancelled, or is being cancelled, is not carried on: its moves were taken back. */
export function refuseCancelled({ ledger, state }: OpenSession): void {
  const { id } = state.started.plan
  const isCancelled = state.ended?.outcome === 'cancelled'
  const isBegun =
    takesBack(state) ||
    ledger.moves.some((move) => ledger.statusOf(move) === 'undoing' && !isRescued(ledger, move))
  if (!isCancelled && !isBegun) return
  throw new OperatorError({
    code: isCancelled ? 'CANCELLED' : 'CANCEL_BEGUN',
    message: isCancelled
      ? `Plan ${id} was cancelled: there is nothing to go on with.`
      : `A cancel of plan ${id} was begun, and some of its moves are being taken back.`,
    nextSteps: isCancelled ? ['make a new plan'] : [`klinic reassign cancel ${id}`],
    exit: 'stale',
  })
}

/** Runs `work` under the promise that the throttle is given back and that the journal tells how it ended. */
export async function concludeSession(
  session: OpenSession,
  work: () => Promise<RunEnd>,
): Promise<ExecutionReport> {
  let end: RunEnd
  try {
    end = await work().finally(() => session.steering?.stop())
  } catch (error) {
    const isLost = error instanceof OperatorError && error.code === 'LOCK_LOST'
    if (!isLost) {
      const hasWaited = error instanceof OperatorError && error.exit === 'unreachable'
      await giveBack(session, hasWaited ? 0 : undefined)
      await recordEnd(session, failureOf(error)).catch(() => undefined)
      throw withWayOn(error, session)
    }
    // Whoever has the lock now decides: not even the throttle is touched any more, and the report says what stands.
    end = { ...failureOf(error), outcome: 'stopped' }
  }
  const isGivenBack = await giveBack(session)
  await recordEnd(session, end)
  return report(session, end, isGivenBack)
}

/** What was thrown tells no more than why: what is left, and how to go on, is asked for after it. */
function withWayOn(error: unknown, { state, ledger, lease }: OpenSession): unknown {
  if (!(error instanceof OperatorError)) return error
  const { code, nextSteps, exit } = error
  const goingOn = ledger.underWay().map(({ key }) => key)
  const throttle = lease.holdings.held.size > 0 ? ', under the throttle that stands' : ''
  const message =
    goingOn.length === 0
      ? error.message
      : `${error.message} ${goingOn.length} moves go on in the cluster${throttle}: ${nameSome(goingOn)}.`
  const { id } = state.started.plan
  const wayOn = [
    'klinic reassign status',
    `klinic reassign ${takesBack(state) ? 'cancel' : 'resume'} ${id}`,
  ]
  return new OperatorError({
    code,
    message,
    nextSteps: [...new Set([...nextSteps, ...wayOn])],
    exit,
    cause: error,
  })
}

async function recordEnd({ ledger }: OpenSession, { outcome, message }: RunEnd): Promise<void> {
  await ledger.record([{ type: 'ended', outcome, message }])
}

function failureOf(error: unknown): RunEnd {
  const isKnown = error instanceof OperatorError
  return {
    outcome: 'failed',
    exit: isKnown ? error.exit : 'failed',
    code: isKnown ? error.code : 'FAILED',
    message: error instanceof Error ? error.message : String(error),
  }
}

/** What is still held, as a report names it. */
function stillHeld({ holdings }: ThrottleLease): readonly ThrottleDebt[] {
  return [...holdings.held.values()].map(({ resource, key, before, entries }) => ({
    resource,
    key,
    before,
    value: entries.join(','),
  }))
}

/** How the cluster differs from what was done. Of an execution that was over before, nothing can be said: time went on. */
async function lookBack(session: OpenSession): Promise<readonly string[]> {
  if (isOver(session.state)) return []
  return findDifferences(session).catch((error: unknown) => [
    `the last look at the cluster failed: ${error instanceof Error ? error.message : String(error)}`,
  ])
}

async function report(
  session: OpenSession,
  end: RunEnd,
  isGivenBack: boolean,
): Promise<ExecutionReport> {
  const { ledger, lease, tracker, state, ports, settings, rollbackFile } = session
  const { executionId, plan, at } = state.started
  const differences = await lookBack(session)
  const open = (move: Move): OpenMove => {
    const reason = ledger.reasonOf(move)
    const base = { step: move.step, partition: move.key, state: ledger.statusOf(move) }
    return reason === undefined ? base : { ...base, reason }
  }
  const held = stillHeld(lease)
  const debts = [...lease.holdings.debts.values(), ...(isGivenBack ? [] : held)]
  return {
    executionId,
    planId: plan.id,
    clusterId: plan.cluster.id,
    ...truthOf(end, { debts, differences }),
    startedAt: at,
    endedAt: new Date(ports.clock.nowMs()).toISOString(),
    moves: {
      total: ledger.moves.length,
      done: ledger.count('done'),
      undone: ledger.count('undone'),
    },
    skipped: ledger.moves.filter((move) => ledger.statusOf(move) === 'skipped').map(open),
    left: ledger.moves.filter((move) => !isFinal(ledger.statusOf(move))).map(open),
    bytesCopied: tracker.figures().bytesCopied,
    throttleBytesPerSec: settings.throttleBytesPerSec,
    debts,
    kept: isGivenBack ? held : [],
    differences,
    journal: ports.journal.path,
    rollbackFile,
  }
}
