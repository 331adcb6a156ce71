import { describe, expect, it } from 'vitest'

import { viewState } from '../../../../src/lib/coordination/view-state.js'
import {
  isOfHealing,
  isOfReplacing,
  type IsOurs,
} from '../../../../src/lib/execution/alerts/owners.js'
import { raiseAlerts } from '../../../../src/lib/execution/alerts/raise-alerts.js'
import type { JsonValue } from '../../../../src/lib/plan/plan.js'
import type { AlertCause } from '../../../../src/lib/ports/alerts.js'
import { cause, COOLDOWN_MS, START_MS } from './alert-timeline.js'

/** One state store with two callers that raise alerts. */
function openPager() {
  const state = new Map<string, JsonValue>()
  const told: string[] = []
  const steps: string[] = []
  const entries = () =>
    new Map([...state].map(([key, value]) => [key, { key, value, writtenAtMs: 0 }]))
  const raise = (isOurs: IsOurs, causes: readonly AlertCause[]) =>
    raiseAlerts(
      {
        channels: [
          {
            name: 'mail',
            deliver: ({ event, kind, subject, nextSteps }) => {
              steps.push(...nextSteps)
              told.push(`${event} ${kind} ${subject}`)
              return Promise.resolve()
            },
          },
        ],
        state: {
          read: () => Promise.resolve(entries()),
          write: (changes) => {
            for (const [key, value] of changes) {
              if (value === null) state.delete(key)
              else state.set(key, value)
            }
            return Promise.resolve()
          },
        },
        isOurs,
        clock: { nowMs: () => START_MS },
        cooldownMs: COOLDOWN_MS,
        cluster: { id: 'c1' },
        host: 'ops-1',
        redact: (text) => text,
        completeSteps: (all) => all.map((step) => `${step} --cluster prod`),
        warn: () => undefined,
      },
      causes,
    )
  return { raise, told, steps, alerts: () => viewState(entries(), START_MS).alerts }
}

const failed = cause('REPLACEMENT_FAILED', 'broker 3')
const dead = cause('DEAD_BROKER', 'broker 3')

describe('two commands that raise alerts on one cluster', () => {
  it('do not call each other’s alerts over', async () => {
    const { raise, told, alerts } = openPager()
    await raise(isOfHealing, [dead])
    await raise(isOfReplacing(3), [failed])
    await raise(isOfHealing, [dead])
    expect(told).toEqual(['raised DEAD_BROKER broker 3', 'raised REPLACEMENT_FAILED broker 3'])
    expect(alerts().size).toBe(2)
  })

  it('tell people commands that say which cluster is meant', async () => {
    const { raise, steps } = openPager()
    await raise(isOfHealing, [{ ...dead, nextSteps: ['klinic heal plan'] }])
    expect(steps).toEqual(['klinic heal plan --cluster prod'])
  })

  it('call over what is theirs: a replacement of another broker ends nothing', async () => {
    const { raise, told } = openPager()
    await raise(isOfReplacing(3), [failed])
    await raise(isOfReplacing(4), [])
    await raise(isOfHealing, [])
    expect(told).toEqual(['raised REPLACEMENT_FAILED broker 3'])
    await raise(isOfReplacing(3), [])
    expect(told).toEqual([
      'raised REPLACEMENT_FAILED broker 3',
      'resolved REPLACEMENT_FAILED broker 3',
    ])
  })
})
