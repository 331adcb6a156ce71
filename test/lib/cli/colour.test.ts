import { describe, expect, it } from 'vitest'

import { mayColour } from '../../../src/lib/cli/colour.js'
import { createRedactor } from '../../../src/lib/cli/redactor.js'

describe('colour', () => {
  it.each([
    [true, false, {}, true],
    [false, false, {}, false],
    [true, true, {}, false],
    [true, false, { NO_COLOR: '1' }, false],
    [true, false, { NO_COLOR: '' }, true],
    [true, false, { TERM: 'dumb' }, false],
    [false, false, { FORCE_COLOR: '1' }, true],
    [true, false, { FORCE_COLOR: '0' }, false],
    [true, false, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [true, true, { FORCE_COLOR: '1' }, false],
  ])('terminal %s, --no-color %s, %j: %s', (isTty, noColorFlag, env, expected) => {
    expect(mayColour({ isTty, noColorFlag, env })).toBe(expected)
  })
})

describe('the redactor', () => {
  it('takes secrets out as they are and as JSON writes them, the longer ones first', () => {
    const redactor = createRedactor()
    redactor.remember('pass')
    redactor.remember('password"1')
    expect(redactor.redact('is password"1 or pass')).toBe('is [redacted] or [redacted]')
    expect(redactor.redactJson(JSON.stringify({ a: 'password"1' }))).toBe('{"a":"[redacted]"}')
  })

  it('leaves texts alone that are too short to be told from words', () => {
    const redactor = createRedactor()
    redactor.remember('in')
    expect(redactor.redact('within')).toBe('within')
  })
})
