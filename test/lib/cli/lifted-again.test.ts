import { describe, expect, it } from 'vitest'

import { liftedAgain } from '../../../src/lib/cli/lifted-again.js'

describe('what stands in the journal of a resume', () => {
  it('is every guard that it lifted, and no other', () => {
    expect(liftedAgain({})).toEqual({})
    expect(liftedAgain({ 'ignore-windows': false, 'ignore-partial-view': false })).toEqual({})
    expect(
      liftedAgain({
        'ignore-windows': true,
        'ignore-maintenance': true,
        'ignore-partial-view': true,
      }),
    ).toEqual({ ignoresWindows: true, ignoresMaintenance: true, ignoresPartialView: true })
  })
})
