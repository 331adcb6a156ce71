import { describeAction, isMilestone } from '../execution/actions/describe-action.js'
import { OperatorError } from '../errors/operator-error.js'
import type { ActionEntry } from '../plan/action-entry.js'
import type { ActionRecord } from '../ports/action-log.js'
import { withActionTail } from './compose-actions.js'
import type { ReadContext } from './read-context.js'

/** What of the log is wanted. */
export interface LogChoice {
  readonly sinceMs: number
  readonly planId: string | undefined
  /** Every change of state, not only what came of it. */
  readonly all: boolean
  /** The newest of these are shown. */
  readonly limit: number
  /** From this host's journals, although there is a topic. */
  readonly local: boolean
  readonly follow: boolean
}

/** What the log tells while it is read. */
export interface LogSink {
  /** The entries there are, the oldest first, and how many older ones were left out. */
  readonly begin: (entries: readonly ActionEntry[], leftOut: number) => void
  /** What came after that, one by one. */
  readonly more: (entry: ActionEntry) => void
  readonly warn: (text: string) => void
}

const FOLLOW_EVERY_MS = 1_000

/** `2h`, or a moment such as `2026-11-21T08:00Z`, as Unix milliseconds. Throws exit 64 for anything else. */
export function sinceOf(text: string, durationMs: number | null, nowMs: number): number {
  if (durationMs !== null) return nowMs - durationMs
  const isMoment = /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(text)
  const moment = isMoment ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(moment)) return moment
  throw new OperatorError({
    code: 'BAD_SINCE',
    message: `--since ${JSON.stringify(text)} is neither a duration such as 2h nor a time such as 2026-11-21T08:00Z.`,
    exit: 'usage',
  })
}

/** Reads the action log to its end, and with `follow` until the signal ends it. */
export async function readActionLog(
  context: ReadContext,
  choice: LogChoice,
  sink: LogSink,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context
  const { sinceMs, local, limit, follow } = choice
  await withActionTail(context, { sinceMs, local, warn: sink.warn }, async (tail) => {
    const isWanted = wanted(choice, tail.clusterId)
    const first = (await tail.next()).filter(isWanted)
    const shown = first.slice(-limit)
    sink.begin(shown.map(describeAction), first.length - shown.length)
    while (follow) {
      await clock.sleep(FOLLOW_EVERY_MS, signal)
      if (signal.aborted) return
      const next = await tail.next().catch((error: unknown) => tolerate(error, sink))
      for (const action of next.filter(isWanted)) sink.more(describeAction(action))
    }
  })
}

function wanted(
  { sinceMs, planId, all }: LogChoice,
  clusterId: string | null,
): (action: ActionRecord) => boolean {
  return (action) =>
    (clusterId === null || action.clusterId === clusterId) &&
    Date.parse(action.record.at) >= sinceMs &&
    (planId === undefined || action.planId === planId) &&
    (all || isMilestone(action))
}

/** Who follows a log wants to see the end of an outage too. */
function tolerate(error: unknown, sink: LogSink): readonly ActionRecord[] {
  if (!(error instanceof OperatorError) || error.exit !== 'unreachable') throw error
  sink.warn(error.message)
  return []
}
