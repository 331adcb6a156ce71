const DURATION_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

const QUANTITY = /^(\d{1,15}(?:\.\d{1,6})?)\s*([A-Za-z]*)$/

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = QUANTITY.exec(text.trim())
  if (match === null) return null
  const factor = match[2] === undefined ? undefined : units[match[2]]
  if (factor === undefined) return null
  const value = Math.round(Number(match[1]) * factor)
  return Number.isSafeInteger(value) ? value : null
}

/** `500ms`, `60s`, `15m`, `24h`, `2d` as milliseconds; null when it is none of these. A unit is required. */
export function parseDurationMs(text: string): number | null {
  return parseQuantity(text, DURATION_MS)
}

/** `10MB` is 10⁷ bytes, `10MiB` 10 × 2²⁰; null when it is no size. A unit is required. */
export function parseBytes(text: string): number | null {
  return parseQuantity(text, BYTES)
}

/** `50MB/s`, or `50MB` where a rate is meant anyway, as bytes per second; null when it is no rate. */
export function parseBytesPerSec(text: string): number | null {
  return parseBytes(text.replace(/\s*\/\s*s\s*$/, ''))
}

/** `15%`, or a plain share such as `0.15`, as a share from 0 to 1; null when it is neither. */
export function parseShare(text: string): number | null {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)\s*(%?)$/.exec(text.trim())
  if (match?.[1] === undefined) return null
  const value = Number(match[1]) / (match[2] === '%' ? 100 : 1)
  return value <= 1 ? value : null
}
