import { describe, expect, it } from 'vitest'

import type { Broker } from '../../../src/lib/model/snapshot.js'
import { judgePlacement } from '../../../src/lib/placement/judge-placement.js'
import type { Candidate, PlacementContext } from '../../../src/lib/placement/placement-rule.js'

const broker = (id: number, rack: string, more: Partial<Broker> = {}): Broker => ({
  id,
  host: 'h',
  port: 1,
  rack,
  state: 'alive',
  ...more,
})
const brokers = [
  broker(1, 'a'),
  broker(2, 'b'),
  broker(3, 'c'),
  broker(4, 'b'),
  broker(5, 'c', { state: 'dead' }),
  broker(6, 'c', { state: 'draining' }),
  broker(7, 'c', {
    logDirs: [
      { path: '/d1', usableBytes: 50 },
      { path: '/d2', usableBytes: 900 },
    ],
  }),
]
const context: PlacementContext = {
  brokers: new Map(brokers.map((one) => [one.id, one])),
  rackOf: (id) => `rack ${brokers.find((one) => one.id === id)?.rack ?? id}`,
  racksAlive: 3,
  rackPolicy: 'spread',
  excludedBrokers: new Set(),
  onlyTo: new Set(),
  isExcludedTopic: () => false,
  isInFlight: () => false,
  limit: () => undefined,
  load: () => 0,
  peak: () => 0,
}
const candidate: Candidate = {
  topic: 'orders',
  partition: 1,
  replicas: [1, 2],
  leaving: 2,
  to: 3,
  bytesInPerSec: 10,
  sizeBytes: 100,
  bytesOutPerSec: 0,
}
const codes = (change: Partial<Candidate>, setting: Partial<PlacementContext> = {}): string[] =>
  judgePlacement({ ...candidate, ...change }, { ...context, ...setting }).map(
    (refusal) => refusal.code,
  )

describe('placement rules', () => {
  it('allows a live broker in a free rack', () => {
    expect(codes({})).toEqual([])
  })
  it('refuses brokers that are dead, draining, excluded, no targets, or hold a replica already', () => {
    expect(codes({ to: 5 })).toEqual(['NOT_ALIVE'])
    expect(codes({ to: 6 })).toEqual(['DRAINING'])
    expect(codes({}, { excludedBrokers: new Set([3]) })).toEqual(['EXCLUDED_BROKER'])
    expect(codes({}, { onlyTo: new Set([4]) })).toEqual(['NOT_A_TARGET'])
    expect(codes({ to: 1 })).toContain('HOLDS_REPLICA')
  })
  it('refuses the only candidate when it shares the rack with what stays', () => {
    expect(codes({ leaving: 1, to: 4 })).toEqual(['FEWER_RACKS'])
    expect(codes({ leaving: 1, to: 4 }, { rackPolicy: 'strict' })).toEqual(['RACK_TAKEN'])
    expect(codes({ leaving: 1, to: 4 }, { rackPolicy: 'even', racksAlive: 1 })).toEqual([])
    expect(codes({ leaving: 2, to: 3 }, { rackPolicy: 'same-rack' })).toEqual(['OTHER_RACK'])
  })
  it('counts capacity after the move, and while both copies exist', () => {
    const limit = () => 120
    expect(codes({}, { limit, load: () => 30 })).toEqual(['OVER_LIMIT'])
    expect(codes({}, { limit, peak: () => 30 })).toEqual(['OVER_LIMIT_DURING_MOVE'])
  })
  it('looks at the fullest log directory, since Kafka chooses by count and not by room', () => {
    expect(codes({ to: 7 })).toEqual(['LOG_DIR_ROOM'])
  })
  it('names the flag that lifts a refusal', () => {
    const [refusal] = judgePlacement(candidate, { ...context, excludedBrokers: new Set([3]) })
    expect(refusal?.flag).toBe('--exclude-brokers')
  })
})
