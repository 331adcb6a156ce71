import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  escapeUnsafeJson,
  sanitiseColouredText,
  sanitiseLine,
  sanitiseText,
} from '../../../src/lib/units/terminal-text.js'

const ESC = String.fromCharCode(27)
const isUnsafe = (text: string): boolean =>
  Array.from(text).some((character) => {
    const code = character.charCodeAt(0)
    const isControl =
      (code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code <= 0x9f)
    return isControl || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
  })

describe('text from elsewhere', () => {
  it.each([
    [`a${ESC}[31mb${ESC}[0m`, 'ab'],
    [`a${ESC}]0;title${String.fromCharCode(7)}b`, 'ab'],
    [`a${ESC}]8;;http://x${ESC}\\b`, 'ab'],
    [`a${ESC}[2J${ESC}[Hb`, 'ab'],
    ['a\nb\tc\u2028d', 'a b c d'],
    ['a\u202eb\u200fc', 'abc'],
    ['a\rb\u0008c', 'abc'],
  ])('%j becomes %j on a line', (text, expected) => {
    expect(sanitiseLine(text)).toBe(expected)
  })

  it('never keeps a control character, whatever it is made of', () => {
    const pieces = fc.constantFrom(
      ESC,
      '[',
      ']',
      '31',
      'm',
      '\\',
      '\u009b',
      '\u202e',
      '\u0007',
      'a',
      ';',
      'P',
      '\n',
    )
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        (text) => {
          expect(isUnsafe(sanitiseText(text))).toBe(false)
          expect(sanitiseLine(text)).not.toContain('\n')
        },
      ),
    )
  })

  it('keeps our own colours and nothing else where there is colour', () => {
    const text = `${ESC}[1mBold${ESC}[22m ${ESC}[2J\u009b31m`
    expect(sanitiseColouredText(text)).toBe(`${ESC}[1mBold${ESC}[22m 31m`)
  })

  it('is the same JSON after escaping', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeUnsafeJson(JSON.stringify(text))
        expect(JSON.parse(escaped)).toBe(text)
        expect(isUnsafe(escaped)).toBe(false)
      }),
    )
  })
})
