import { describe, expect, it } from 'vitest'

import { isHostAndPort } from '../../../src/lib/units/host-and-port.js'
import {
  parseBytes,
  parseBytesPerSec,
  parseDurationMs,
  parseShare,
} from '../../../src/lib/units/parse-quantity.js'
import { suggest } from '../../../src/lib/units/suggest.js'

describe('quantities as operators write them', () => {
  it.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['1.5h', 5_400_000],
    ['15m', 900_000],
    ['2d', 172_800_000],
  ])('%s is %i ms', (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected)
  })

  it('know MB from MiB', () => {
    expect(parseBytes('10MB')).toBe(1e7)
    expect(parseBytes('10 MiB')).toBe(10 * 2 ** 20)
    expect(parseBytesPerSec('50MB/s')).toBe(5e7)
    expect(parseBytesPerSec('50MB')).toBe(5e7)
    expect(parseShare('10%')).toBe(0.1)
    expect(parseShare('0.15')).toBe(0.15)
  })

  it.each([
    '',
    '5',
    '0x10',
    '-1s',
    '1e3s',
    'MB',
    '12abc',
    '99999999999999999s',
    'Infinity',
    '1 000 MB',
  ])('refuse %j', (text) => {
    expect([parseDurationMs(text), parseBytes(text), parseBytesPerSec(text)]).toEqual([
      null,
      null,
      null,
    ])
  })

  it.each(['150%', '1.5', '-1%', 'NaN'])('refuse %j as a share', (text) => {
    expect(parseShare(text)).toBeNull()
  })
})

describe('HOST:PORT', () => {
  it.each(['kafka-1:9092', '[::1]:9092', '10.0.0.1:65535'])('%s is one', (text) => {
    expect(isHostAndPort(text)).toBe(true)
  })
  it.each(['kafka', ':9092', 'a:0', 'a:65536', 'a:9092/x', 'SSL://a:9092', '::1:9092'])(
    '%s is none',
    (text) => {
      expect(isHostAndPort(text)).toBe(false)
    },
  )
})

describe('a suggestion', () => {
  it('is the nearest name, and none when nothing is near', () => {
    expect(suggest('zookeper', ['zookeeper', 'topics'])).toBe('zookeeper')
    expect(suggest('heal pln', ['heal plan', 'roll plan'])).toBe('heal plan')
    expect(suggest('xyzzy', ['heal plan', 'roll plan'])).toBeNull()
  })
})
