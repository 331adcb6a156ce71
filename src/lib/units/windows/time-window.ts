/** A window in which work may be done: it begins on each of `days` at `fromMinutes`, by the clock of its zone. */
export interface TimeWindow {
  /** ISO days of the week: 1 is Monday, 7 Sunday. */
  readonly days: readonly number[]
  /** Minutes since midnight, 0 to 1439. */
  readonly fromMinutes: number
  /** Minutes since midnight, up to 1440. Not after `fromMinutes`: on the following day. */
  readonly toMinutes: number
  readonly timezone: string
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const MINUTES_PER_DAY = 1440

/** `22:00` → 1320, `24:00` → 1440; null when it is no time of the day. */
export function parseClock(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text)
  if (match === null) return null
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) > 59 || minutes > MINUTES_PER_DAY ? null : minutes
}

/** `mon` → [1], `fri-mon` → [1, 5, 6, 7]; null when it names no days. */
export function parseDays(text: string): readonly number[] | null {
  const [first = '', last = first, ...more] = text.toLowerCase().split('-')
  const from = DAYS.indexOf(first)
  const to = DAYS.indexOf(last)
  if (from === -1 || to === -1 || more.length > 0) return null
  const length = ((to - from + DAYS.length) % DAYS.length) + 1
  return Array.from({ length }, (_, index) => ((from + index) % DAYS.length) + 1).sort(
    (a, b) => a - b,
  )
}
