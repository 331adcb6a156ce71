import { describe, expect, it } from 'vitest'

import { causesOfPlan } from '../../../../src/lib/execution/heal/name-causes.js'
import { NO_MEMORY, type Memory } from '../../../../src/lib/health/memory/memory.js'
import { remember, withMemory } from '../../../../src/lib/health/memory/remember.js'
import type { PortLook } from '../../../../src/lib/ports/broker-probe.js'
import type { Broker } from '../../../../src/lib/model/snapshot.js'
import { DEFAULT_HEAL_POLICY } from '../../../../src/lib/planners/heal/heal-policy.js'
import { planHeal } from '../../../../src/lib/planners/heal/plan-heal.js'
import { broker, cluster, healthy, topic } from '../../health/cluster-builder.js'
import { lagging, well } from '../../health/evidence-builder.js'
import { play, START_MS, type Look } from './alert-timeline.js'

const MINUTE = 60_000
const fenced = (seen: PortLook): Broker => {
  const api = seen.port === 'open' ? { api: 'TIMED_OUT' } : {}
  const evidence = { registered: 'fenced' as const, ...seen, ...api }
  return broker(3, { state: 'dead', fenced: true, evidence })
}
const open = fenced({ port: 'open' })
const full = fenced({ port: 'timed-out' })
const fullOnAHost = fenced({ port: 'timed-out', sshPort: 'refused' })

const times = (runs: number, third: Broker): readonly Broker[] =>
  Array.from({ length: runs }, () => third)

/** Runs of cron, a minute apart, each of which finds broker 3 like this. */
function watch(thirds: readonly Broker[]) {
  let memory: Memory = NO_MEMORY
  const steps: number[] = []
  const looks = thirds.map((third, minute): Look => {
    const atMs = START_MS + minute * MINUTE
    const capturedAt = new Date(atMs).toISOString()
    const partition = third.state === 'dead' ? lagging([1, 3], [1]) : healthy(1, 3)
    const brokers = [well(1), well(2), third, well(4)]
    const snapshot = cluster({ capturedAt, brokers, topics: [topic('orders', [partition])] })
    memory = remember(memory, snapshot)
    const plan = planHeal(withMemory(snapshot, memory), DEFAULT_HEAL_POLICY)
    steps.push(plan.steps.length)
    return { atMs, causes: causesOfPlan(plan) }
  })
  const told = play(looks).told.map(
    ({ event, cause, atMs }) => `${(atMs - START_MS) / MINUTE} ${event} ${cause.kind}`,
  )
  return { told, steps }
}

describe('a broker that hangs for longer than its backlog has room', () => {
  it('is one alert, whatever its port does, and is never healed', () => {
    const hung = [open, open, full, full, open, full, fullOnAHost, ...times(9, full)]
    const { told, steps } = watch([...hung, well(3)])
    expect(told).toEqual(['0 raised BROKER_HUNG', '16 resolved BROKER_HUNG'])
    expect(new Set(steps)).toEqual(new Set([0]))
  })

  it('is the same alert to whoever looks for the first time when its backlog is full', () => {
    const { told, steps } = watch([...times(16, fullOnAHost), well(3)])
    expect(told).toEqual(['0 raised BROKER_HUNG', '16 resolved BROKER_HUNG'])
    expect(new Set(steps)).toEqual(new Set([0]))
  })

  it('is dead, and healed after the minimum time, when it ends or its host was gone all along', () => {
    const refused = fenced({ port: 'refused' })
    const ended = watch([open, full, ...times(11, refused)])
    expect(ended.told).toEqual([
      '0 raised BROKER_HUNG',
      '2 resolved BROKER_HUNG',
      '10 raised DEAD_BROKER',
    ])
    expect(ended.steps.at(-1)).toBe(1)
    const gone = watch(times(11, fenced({ port: 'timed-out', sshPort: 'timed-out' })))
    expect([gone.told, gone.steps.at(-1)]).toEqual([['10 raised DEAD_BROKER'], 1])
  })
})
