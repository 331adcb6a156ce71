import { describe, expect, it } from 'vitest'

import {
  joinMemory,
  NO_MEMORY,
  sightingsOf,
  type Memory,
} from '../../../src/lib/health/memory/memory.js'
import { longestGap, remember, withMemory } from '../../../src/lib/health/memory/remember.js'
import { parseSightings, sightingChanges } from '../../../src/lib/health/memory/shared.js'
import type { Broker } from '../../../src/lib/model/snapshot.js'
import { broker, cluster, healthy, topic } from './cluster-builder.js'
import { ago, hanging, lagging, swallowing, well } from './evidence-builder.js'

const absent = (evidence: Broker['evidence'] = {}): Broker =>
  broker(3, { state: 'dead', host: '', port: 0, evidence: { registered: 'no', ...evidence } })

/** One look at broker 3, so many minutes before the builder's clock. */
function look(
  before: Memory,
  minutes: number,
  third: Broker,
  partitions = [healthy(1, 3)],
): Memory {
  const capturedAt = ago(minutes)
  const topics = [topic('orders', partitions)]
  return remember(before, cluster({ capturedAt, brokers: [well(1), well(2), third], topics }))
}
const awayOf = (memory: Memory): string | undefined => memory.get(3)?.away?.since

describe('what a host remembers of brokers between runs', () => {
  it('counts the time of a broker that is away from the first run that noticed', () => {
    const first = look(NO_MEMORY, 20, absent())
    const second = look(first, 10, absent())
    expect([awayOf(first), awayOf(second)]).toEqual([ago(20), ago(20)])
    const snapshot = withMemory(cluster({ brokers: [absent()] }), second)
    expect(snapshot.brokers[0]?.evidence?.awayAt).toBe(ago(20))
  })

  it('forgets it as soon as the broker is back, and counts anew when it goes again', () => {
    const back = look(look(NO_MEMORY, 30, absent()), 20, well(3))
    expect(back.get(3)).toMatchObject({ returnedAt: ago(20), wellAt: ago(20) })
    expect(awayOf(back)).toBeUndefined()
    expect(awayOf(look(back, 10, absent()))).toBe(ago(10))
  })

  it('does not trust a look that lies so far back that the broker may have come and gone since', () => {
    const old = look(NO_MEMORY, 600, absent())
    expect(awayOf(look(old, 1, absent()))).toBe(ago(1))
    expect(longestGap(600_000)).toBe(3_600_000)
    expect(longestGap(7_200_000)).toBe(14_400_000)
  })

  it('counts from when a sample saw it last, and from when samples saw it missing first', () => {
    const since = look(NO_MEMORY, 30, absent())
    expect(awayOf(look(since, 5, absent({ lastSampleAt: ago(10) })))).toBe(ago(5))
    expect(awayOf(look(NO_MEMORY, 5, absent({ awayAt: ago(40) })))).toBe(ago(40))
  })

  it('keeps the address and the rack of a broker that is gone', () => {
    const seen = look(NO_MEMORY, 10, well(3))
    expect(look(seen, 5, absent()).get(3)).toMatchObject({ host: 'kafka3', port: 9092, rack: 'c' })
  })

  it('remembers since when a broker answers nothing, and since when its replicas are behind', () => {
    const silent = well(3, { evidence: { api: 'TIMED_OUT' } })
    expect(look(look(NO_MEMORY, 9, silent), 5, silent).get(3)?.silent?.since).toBe(ago(9))
    const behind = look(NO_MEMORY, 9, well(3), [lagging([1, 3], [1])])
    expect(behind.get(3)?.behind?.since).toBe(ago(9))
    expect(look(behind, 5, well(3)).get(3)?.behind).toBeUndefined()
  })

  it('keeps the silence of a broker whose port swallows connections by now, until it refuses them', () => {
    const silentOf = (memory: Memory): string | undefined => memory.get(3)?.silent?.since
    const hung = look(NO_MEMORY, 20, hanging(3, 0))
    const full = look(look(hung, 19, swallowing(3, 0)), 10, swallowing(3, 0))
    expect([silentOf(full), awayOf(full)]).toEqual([ago(20), ago(20)])
    const told = withMemory(cluster({ brokers: [swallowing(3, 0)] }), full).brokers[0]
    expect(told?.evidence?.silentAt).toBe(ago(20))
    for (const port of ['refused', 'unreachable'] as const)
      expect(silentOf(look(full, 5, swallowing(3, 0, { port })))).toBeUndefined()
    expect(silentOf(look(full, 5, swallowing(3, 0, { lastSampleAt: ago(6) })))).toBeUndefined()
    expect(silentOf(look(hung, -300, swallowing(3, 0)))).toBeUndefined()
  })

  it('tells a process that hung before it was missed from a host that went away', () => {
    const silent = (port: 'open' | 'timed-out'): Broker =>
      well(3, { unreachable: 'TIMED_OUT', evidence: { port, api: 'TIMED_OUT' } })
    const after = (...before: readonly Broker[]): string | undefined => {
      const seen = before.reduce((memory, third, at) => look(memory, 20 - at, third), NO_MEMORY)
      return look(seen, 10, swallowing(3, 0)).get(3)?.silent?.since
    }
    expect(after(silent('open'))).toBe(ago(20))
    expect(after(silent('open'), silent('timed-out'))).toBe(ago(20))
    expect(after(silent('timed-out'))).toBeUndefined()
    expect(after(silent('timed-out'), silent('timed-out'))).toBeUndefined()
    expect(after(well(3), absent())).toBeUndefined()
  })

  it('is joined with what hosts share: the earlier of both, unless this host has seen it well since', () => {
    const own = look(NO_MEMORY, 10, absent())
    const shared = parseSightings(
      new Map<string, unknown>([
        ['broker/3/away', { since: ago(25), lastSeen: ago(11) }],
        ['broker/2/away', { since: ago(25), lastSeen: ago(11) }],
        ['broker/9/away', 'not one of ours'],
      ]),
    )
    expect(awayOf(joinMemory(own, shared))).toBe(ago(25))
    expect(joinMemory(own, shared).get(2)?.away).toBeUndefined()
  })

  it('tells other hosts what is new and what is over', () => {
    const memory = look(NO_MEMORY, 10, absent())
    const shared = new Map([['broker/2/away', { since: ago(25), lastSeen: ago(11) }]])
    expect(sightingsOf(memory).has('broker/3/away')).toBe(true)
    expect([...sightingChanges(shared, memory)]).toEqual([
      ['broker/3/away', { since: ago(10), lastSeen: ago(10) }],
      ['broker/2/away', null],
    ])
  })

  it('stays small: brokers that nobody has seen for a month are dropped', () => {
    const old: Memory = new Map([[77, { id: 77, wellAt: ago(31 * 24 * 60) }]])
    expect(look(old, 0, well(3)).has(77)).toBe(false)
  })
})
