const UNITS_MS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  month: 2_629_800_000,
  y: 31_557_600_000,
}

/** A time as `systemctl show` writes it, `1min 30s` or `infinity` (systemd.time(7)), in milliseconds; null when it is none. */
export function parseTimeSpan(text: string): number | null {
  if (text === 'infinity') return Number.POSITIVE_INFINITY
  let sumMs = 0
  for (const word of text.trim().split(/\s+/)) {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(word) ?? []
    const factor = unit === undefined ? undefined : UNITS_MS[unit]
    if (amount === undefined || factor === undefined) return null
    sumMs += Number(amount) * factor
  }
  return Math.round(sumMs)
}
