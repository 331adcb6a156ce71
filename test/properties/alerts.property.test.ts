import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  cause,
  COOLDOWN_MS,
  play,
  START_MS,
  type Told,
} from '../lib/execution/alerts/alert-timeline.js'

const CAUSES = [cause('A', 'broker 1'), cause('A', 'broker 2'), cause('B')]
const CHANNELS = ['mail', 'slack']

/** Runs at any distance, any causes at each, and channels that fail at any of them; then a quiet end. */
const timeline = fc
  .array(
    fc.record({
      gapMs: fc.integer({ min: 1000, max: 15 * 60_000 }),
      causes: fc.subarray(CAUSES),
      broken: fc.subarray(CHANNELS),
    }),
    { maxLength: 60 },
  )
  .map((looks) => {
    let atMs = START_MS
    const placed = looks.map(({ gapMs, ...look }) => ({ ...look, atMs: (atMs += gapMs) }))
    return [...placed, { atMs: atMs + COOLDOWN_MS, causes: [], broken: [] }]
  })

function lines(told: readonly Told[]): readonly (readonly Told[])[] {
  return CHANNELS.flatMap((channel) =>
    [...new Set(told.map(({ key }) => key))].map((key) =>
      told.filter((item) => item.channel === channel && item.key === key),
    ),
  )
}

describe('alerts over any timeline', () => {
  it('come at most once for each cause, channel and cooldown', () => {
    fc.assert(
      fc.property(timeline, (looks) => {
        for (const line of lines(play(looks, CHANNELS).told)) {
          const alerts = line.filter(({ event }) => event !== 'resolved')
          for (const [index, alert] of alerts.entries()) {
            const before = alerts[index - 1]
            if (before !== undefined)
              expect(alert.atMs - before.atMs).toBeGreaterThanOrEqual(COOLDOWN_MS)
          }
        }
      }),
    )
  })

  it('are raised, repeated any number of times, and resolved exactly once', () => {
    fc.assert(
      fc.property(timeline, (looks) => {
        for (const line of lines(play(looks, CHANNELS).told)) {
          const words = line.map(({ event }) => event).join(' ')
          expect(words).toMatch(/^((^| )raised( repeated)* resolved)*$/)
        }
      }),
    )
  })

  it('speak of what holds at that moment, and of the end only of what does not', () => {
    fc.assert(
      fc.property(timeline, (looks) => {
        for (const { event, cause: told, atMs } of play(looks, CHANNELS).told) {
          const { causes } = looks.find((look) => look.atMs === atMs)!
          const holds = causes.some(
            ({ kind, subject }) => kind === told.kind && subject === told.subject,
          )
          expect(holds).toBe(event !== 'resolved')
        }
      }),
    )
  })

  it('reach a channel that works at the first look at which they are due', () => {
    fc.assert(
      fc.property(timeline, (looks) => {
        const first = looks.find(({ causes }) => causes.length > 0)
        if (first === undefined) return
        const { told } = play(looks, CHANNELS)
        for (const channel of CHANNELS.filter((name) => !first.broken.includes(name)))
          expect(
            told.filter((item) => item.channel === channel && item.atMs === first.atMs),
          ).toHaveLength(first.causes.length)
      }),
    )
  })

  it('leave nothing to remember once all is quiet for a cooldown', () => {
    fc.assert(
      fc.property(timeline, (looks) => {
        const last = looks.at(-1)!
        const later = { atMs: last.atMs + COOLDOWN_MS, causes: [] }
        expect(play([...looks, later], CHANNELS).memories.size).toBe(0)
      }),
    )
  })
})
