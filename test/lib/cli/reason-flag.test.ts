import { describe, expect, it } from 'vitest'

import { parseReason } from '../../../src/lib/cli/reason-flag.js'

describe('the reason of an execution', () => {
  it('is one line of at most 200 characters, whatever they are', () => {
    expect(parseReason(' change 4711: new disks ')).toBe('change 4711: new disks')
    expect(parseReason('ü'.repeat(200))).toHaveLength(200)
    expect(() => parseReason('x'.repeat(201))).toThrow('200 characters at most, got 201')
  })

  it('is refused when it could play with a terminal or a log, or says nothing', () => {
    for (const text of ['a\nb', 'a\tb', '\u001b[31mred', 'a\u0000b', 'a\u202eb', 'a\u009bb']) {
      expect(() => parseReason(text)).toThrow('control characters')
    }
    expect(() => parseReason('  ')).toThrow('got nothing')
  })
})
