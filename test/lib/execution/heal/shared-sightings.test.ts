import { describe, expect, it } from 'vitest'

import { worthWriting } from '../../../../src/lib/execution/heal/shared-sightings.js'

const NOON = Date.UTC(2026, 10, 21, 12)
const at = (minutes: number): string => new Date(NOON + minutes * 60_000).toISOString()
const away = (since: number, lastSeen: number) => ({ since: at(since), lastSeen: at(lastSeen) })
const NAME = 'broker/4/away'

describe('what other hosts have to know of when a trouble began', () => {
  it('is that it began', () => {
    const news = new Map([[NAME, away(0, 0)]])
    expect(worthWriting(new Map(), news)).toEqual(news)
  })

  it('is that it is over', () => {
    const shared = new Map([[NAME, away(0, 0)]])
    expect(worthWriting(shared, new Map([[NAME, null]]))).toEqual(new Map([[NAME, null]]))
  })

  it('is that it began anew', () => {
    const shared = new Map([[NAME, away(0, 1)]])
    const news = new Map([[NAME, away(5, 5)]])
    expect(worthWriting(shared, news)).toEqual(news)
  })

  it('is not that it still holds, minute after minute', () => {
    const shared = new Map([[NAME, away(0, 0)]])
    for (let minute = 1; minute < 15; minute++)
      expect(worthWriting(shared, new Map([[NAME, away(0, minute)]]))).toEqual(new Map())
  })

  it('is that it still holds every quarter of an hour: a sighting that is too old proves nothing', () => {
    const shared = new Map([[NAME, away(0, 0)]])
    const news = new Map([[NAME, away(0, 15)]])
    expect(worthWriting(shared, news)).toEqual(news)
  })
})
