import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { formatBytes, formatBytesPerSec } from '../../src/lib/units/format-quantity.js'
import {
  parseBytes,
  parseBytesPerSec,
  parseDurationMs,
  parseShare,
} from '../../src/lib/units/parse-quantity.js'

const bytes = fc.integer({ min: 0, max: 5_000_000_000_000_000 })

describe('quantities', () => {
  it('are read back from what is shown, within the three digits that are shown', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const [read, rate] = [
          parseBytes(formatBytes(value)),
          parseBytesPerSec(formatBytesPerSec(value)),
        ]
        expect(read).toBe(rate)
        expect(Math.abs(read! - value)).toBeLessThanOrEqual(Math.max(0.5, value * 0.006))
      }),
    )
  })

  it('are larger when the figure is, whatever the unit', () => {
    const units = ['B', 'kB', 'MB', 'GB', 'KiB', 'MiB', 'GiB'] as const
    fc.assert(
      fc.property(fc.nat(9_999), fc.nat(9_999), fc.constantFrom(...units), (a, b, unit) => {
        expect(Math.sign(parseBytes(`${a}${unit}`)! - parseBytes(`${b} ${unit}`)!)).toBe(
          Math.sign(a - b),
        )
      }),
    )
  })

  it('are refused, never guessed, when a unit is missing or unknown', () => {
    for (const text of ['', '10', '-1MB', '1e3MB', '10 mb', '10MB/h', 'MB', '1,5GB', 'NaN GB']) {
      expect(parseBytes(text)).toBeNull()
      expect(parseBytesPerSec(text)).toBeNull()
    }
    for (const text of ['', '10', '-1s', '1 fortnight', '1h30m'])
      expect(parseDurationMs(text)).toBeNull()
    for (const text of ['', '101%', '-1%', '1.5', 'ten']) expect(parseShare(text)).toBeNull()
  })

  it('know 10⁶ from 2²⁰', () => {
    expect([parseBytes('50MB'), parseBytes('35MiB')]).toEqual([50_000_000, 35 * 2 ** 20])
    expect(parseBytesPerSec('50MB/s')).toBe(50_000_000)
    expect(parseShare('80%')).toBe(0.8)
  })
})
