import { IANAZone } from 'luxon'

import type { TimeWindow } from './time-window.js'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Windows repeat every week; changes of the clock do not move them by more than a day. */
const DAYS_BACK = 2
const DAYS_AHEAD = 9

interface Interval {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * When the windows that are open at a moment close, as Unix milliseconds; windows that follow each other without a gap are
 * one. Null when none is open. A window opens at the first moment at which the clock of its zone shows its beginning or
 * more, and closes at the first at which it shows its end or more: an hour that does not exist is skipped, and of one that
 * comes twice the first counts.
 */
export function openUntil(windows: readonly TimeWindow[], atMs: number): number | null {
  const intervals = windows.flatMap((window) => intervalsAround(window, atMs))
  let end = atMs
  for (;;) {
    const reached = end
    const next = intervals
      .filter(({ fromMs, toMs }) => fromMs <= reached && toMs > reached)
      .reduce((latest, { toMs }) => Math.max(latest, toMs), reached)
    if (next === reached) return reached === atMs ? null : reached
    end = next
  }
}

/** When the next window opens after a moment, as Unix milliseconds; null when none ever does. */
export function nextOpening(windows: readonly TimeWindow[], atMs: number): number | null {
  const starts = windows
    .flatMap((window) => intervalsAround(window, atMs))
    .map(({ fromMs }) => fromMs)
    .filter((fromMs) => fromMs > atMs)
  return starts.length === 0 ? null : Math.min(...starts)
}

/** The first moment after `afterMs` at which the clock of a zone shows a time of the day. */
export function nextTimeOfDay(minutes: number, timezone: string, afterMs: number): number {
  const zone = IANAZone.create(timezone)
  const today = localMidnight(zone, afterMs)
  const moments = [-1, 0, 1, 2].map((day) => momentOf(zone, today + day * DAY_MS, minutes))
  return moments.find((moment) => moment > afterMs) ?? afterMs + DAY_MS
}

function intervalsAround(
  { days, fromMinutes, toMinutes, timezone }: TimeWindow,
  atMs: number,
): readonly Interval[] {
  const zone = IANAZone.create(timezone)
  const today = localMidnight(zone, atMs)
  const intervals: Interval[] = []
  for (let offset = -DAYS_BACK; offset <= DAYS_AHEAD; offset++) {
    const day = today + offset * DAY_MS
    if (!days.includes(isoWeekday(day))) continue
    const lastDay = toMinutes > fromMinutes ? day : day + DAY_MS
    const fromMs = momentOf(zone, day, fromMinutes)
    const toMs = momentOf(zone, lastDay, toMinutes)
    if (toMs > fromMs) intervals.push({ fromMs, toMs })
  }
  return intervals
}

/** Midnight of the date that the zone shows at a moment, written as if the zone were UTC. */
function localMidnight(zone: IANAZone, atMs: number): number {
  const wallMs = atMs + zone.offset(atMs) * MINUTE_MS
  return wallMs - (((wallMs % DAY_MS) + DAY_MS) % DAY_MS)
}

const isoWeekday = (dayMs: number): number => ((new Date(dayMs).getUTCDay() + 6) % 7) + 1

/** The first moment at which the clock shows so many minutes of a day, or more. */
function momentOf(zone: IANAZone, dayMs: number, minutes: number): number {
  const wallMs = dayMs + minutes * MINUTE_MS
  const before = zone.offset(wallMs - DAY_MS)
  const after = zone.offset(wallMs + DAY_MS)
  const moments = [before, after]
    .map((offset) => ({ offset, moment: wallMs - offset * MINUTE_MS }))
    .filter(({ offset, moment }) => zone.offset(moment) === offset)
    .map(({ moment }) => moment)
  if (moments.length > 0) return Math.min(...moments)
  return changeBetween(zone, wallMs - after * MINUTE_MS, wallMs - before * MINUTE_MS, after)
}

/** The moment at which a zone's offset becomes `after`, to the millisecond; it is within the two given. */
function changeBetween(zone: IANAZone, fromMs: number, toMs: number, after: number): number {
  let low = fromMs
  let high = toMs
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (zone.offset(middle) === after) high = middle
    else low = middle
  }
  return high
}
