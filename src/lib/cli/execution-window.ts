import type { Guard } from '../execution/reassign/guards/guard.js'
import type { RunSettings } from '../execution/reassign/run-types.js'
import { OperatorError } from '../errors/operator-error.js'
import type { TimeOfDay, WindowValues } from './window-flags.js'
import type { ReadContext } from './read-context.js'

/** When a run has to end, and what forbids it to begin. */
export interface Schedule {
  /** Undefined where neither `--until` nor a window ends it. */
  readonly until: RunSettings['until']
  /** Stands while no window of klinic.yaml is open; `--ignore-windows` lifts it. */
  readonly guards: readonly Guard[]
}

type End = NonNullable<RunSettings['until']>

/** What `--until` and the windows of klinic.yaml mean now. A window whose guard is lifted ends nothing. */
export async function scheduleOf(
  context: Pick<ReadContext, 'settings' | 'clock'>,
  flags: WindowValues,
): Promise<Schedule> {
  const { windows } = context.settings.execution
  if (windows === undefined && flags.until === undefined) return { until: undefined, guards: [] }
  const times = await import('../units/windows/window-times.js')
  const nowMs = context.clock.nowMs()
  const ends = flags.until === undefined ? [] : [await endGiven(flags.until, flags.timezone, nowMs)]
  if (windows === undefined) return { until: ends[0], guards: [] }
  const closesMs = times.openUntil(windows, nowMs)
  if (closesMs === null) {
    const opensMs = times.nextOpening(windows, nowMs)
    return { until: ends[0], guards: [closedGuard(opensMs, windows[0]?.timezone)] }
  }
  if (flags['ignore-windows'] !== true) {
    ends.push({ atMs: closesMs, reason: 'the window of klinic.yaml is closed' })
  }
  return { until: ends.sort((a, b) => a.atMs - b.atMs)[0], guards: [] }
}

/** The end of a run that goes on with an execution; refuses (exit 75) outside the windows. */
export async function scheduleOrRefuse(
  context: Pick<ReadContext, 'settings' | 'clock'>,
  flags: WindowValues,
): Promise<RunSettings['until']> {
  const { until, guards } = await scheduleOf(context, flags)
  const [closed] = guards
  if (closed === undefined || flags['ignore-windows'] === true) return until
  const { code, message, exit } = closed
  throw new OperatorError({
    code,
    message: `Nothing was changed: ${message}.`,
    nextSteps: ['run it again when the window is open, or with --ignore-windows'],
    exit,
  })
}

async function endGiven(
  until: TimeOfDay,
  timezone: string | undefined,
  nowMs: number,
): Promise<End> {
  const { nextTimeOfDay } = await import('../units/windows/window-times.js')
  const zone = timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const atMs = 'atMs' in until ? until.atMs : nextTimeOfDay(until.minutes, zone, nowMs)
  if (atMs > nowMs) return { atMs, reason: `the time given with --until is over` }
  throw new OperatorError({
    code: 'UNTIL_IS_PAST',
    message: `--until ${new Date(atMs).toISOString()} is past.`,
    exit: 'usage',
  })
}

function closedGuard(opensMs: number | null, timezone: string | undefined): Guard {
  return {
    code: 'OUTSIDE_WINDOW',
    message:
      opensMs === null
        ? 'no window of klinic.yaml ever opens'
        : `no window of klinic.yaml is open, the next one opens ${localTime(opensMs, timezone)}`,
    lift: 'ignore-windows',
    exit: 'tryLater',
  }
}

/** `Mon 2026-11-23 22:00 Europe/Berlin`: what the operator wrote, not what a machine would. */
function localTime(atMs: number, timezone = 'UTC'): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]))
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  const date = `${of('year')}-${of('month')}-${of('day')}`
  return `${of('weekday')} ${date} ${of('hour')}:${of('minute')} ${timezone}`
}
