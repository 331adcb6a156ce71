import { describe, expect, it } from 'vitest'

import { mayReplaceLines } from '../../../src/lib/cli/progress.js'

describe('a line that is replaced while work goes on', () => {
  const terminal = { isTty: true, columns: 80, isCi: false, term: 'xterm' }

  it('is shown on a terminal', () => {
    expect(mayReplaceLines(terminal)).toBe(true)
    expect(mayReplaceLines({ ...terminal, columns: undefined })).toBe(true)
  })

  it('is not shown where nobody looks, nor where a terminal cannot do it', () => {
    expect(mayReplaceLines({ ...terminal, isTty: false })).toBe(false)
    expect(mayReplaceLines({ ...terminal, isCi: true })).toBe(false)
    expect(mayReplaceLines({ ...terminal, term: 'dumb' })).toBe(false)
  })

  it('is not shown on a terminal without a width, where it would be cleared for ever', () => {
    expect(mayReplaceLines({ ...terminal, columns: 0 })).toBe(false)
  })
})
