const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A duration as people say it, in whole units: `40 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. Negative ones count as none. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 2 * MINUTE) return `${seconds} s`
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`
  const [unit, part, big, small] =
    seconds < DAY ? [HOUR, MINUTE, 'h', 'min'] : [DAY, HOUR, 'd', 'h']
  const rest = Math.floor((seconds % unit) / part)
  return `${Math.floor(seconds / unit)} ${big}${rest === 0 ? '' : ` ${rest} ${small}`}`
}
