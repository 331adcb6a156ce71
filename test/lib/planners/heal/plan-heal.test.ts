import { describe, expect, it } from 'vitest'

import type { Partition, Snapshot } from '../../../../src/lib/model/snapshot.js'
import { simulateSteps } from '../../../../src/lib/plan/simulate.js'
import { listAfter, partitionSteps } from '../../../../src/lib/plan/step-lists.js'
import {
  DEFAULT_HEAL_POLICY,
  type HealPolicy,
} from '../../../../src/lib/planners/heal/heal-policy.js'
import { planHeal } from '../../../../src/lib/planners/heal/plan-heal.js'
import { broker, cluster, healthy, topic } from '../../health/cluster-builder.js'

const rack = (id: number, name: string) => broker(id, { rack: name })
const dead = (id: number, name: string, lastSeen?: string) =>
  broker(id, { rack: name, state: 'dead', ...(lastSeen === undefined ? {} : { lastSeen }) })

/** Two brokers in each of three racks; broker 6 (rack c) is dead. */
function withDead6(...partitions: readonly Omit<Partition, 'id'>[]): Snapshot {
  return cluster({
    brokers: [
      rack(1, 'a'),
      rack(2, 'a'),
      rack(3, 'b'),
      rack(4, 'b'),
      rack(5, 'c'),
      dead(6, 'c', '2026-11-21T10:40:00.000Z'),
    ],
    topics: [topic('orders', partitions)],
  })
}

const lost = (...replicas: number[]): Omit<Partition, 'id'> => ({
  replicas,
  isr: replicas.filter((id) => id !== 6),
  leader: replicas.find((id) => id !== 6) ?? null,
  bytesInPerSec: 1e6,
  sizeBytes: 1e9,
})

const heal = (snapshot: Snapshot, policy: Partial<HealPolicy> = {}) =>
  planHeal(snapshot, { ...DEFAULT_HEAL_POLICY, ...policy })
const lists = (snapshot: Snapshot, policy: Partial<HealPolicy> = {}) =>
  partitionSteps(heal(snapshot, policy).steps).map(listAfter)
const codes = (snapshot: Snapshot, policy: Partial<HealPolicy> = {}) =>
  heal(snapshot, policy)
    .findings.filter(({ code, severity }) => code !== 'DEAD_SINCE_UNKNOWN' && severity !== 'info')
    .map(({ code, severity }) => `${severity} ${code}`)

describe('healing a dead broker', () => {
  it('puts each replica into the rack that was lost, in the place where it stood, and says why', () => {
    const snapshot = withDead6(lost(1, 6, 3), healthy(1, 3))
    const [step, ...others] = heal(snapshot).steps
    expect(others).toEqual([])
    expect(step).toMatchObject({
      from: [1, 6, 3],
      to: [1, 5, 3],
      bytesToMove: 1e9,
      reason: { code: 'DEAD_BROKER', text: 'broker 6 is dead since 2026-11-21T10:40:00.000Z' },
    })
  })

  it('gives leadership anew where the preferred leader is dead, to a live broker', () => {
    const [to] = lists(withDead6(lost(6, 1, 3)))
    expect(to).toHaveLength(3)
    expect(to).not.toContain(6)
  })

  it('spreads over brokers by headroom', () => {
    const snapshot = cluster({
      brokers: [1, 2, 3, 4, 5, 7].map((id) => broker(id, { rack: `r${id}` })).concat(dead(6, 'x')),
      topics: [
        topic(
          'orders',
          Array.from({ length: 4 }, () => lost(1, 6)),
        ),
      ],
    })
    expect(
      lists(snapshot)
        .map((list) => list[1])
        .sort(),
    ).toEqual([2, 3, 4, 5])
  })

  it('leaves nothing to heal, and heals nothing twice', () => {
    const snapshot = withDead6(lost(1, 6, 3), lost(6, 4))
    const after = simulateSteps(snapshot, heal(snapshot).steps)
    expect(heal(after)).toMatchObject({ outcome: 'no-changes', complete: true })
  })

  it('heals with one live in-sync replica left of three', () => {
    const snapshot = withDead6({ ...lost(1, 6, 3), isr: [3], leader: 3 })
    const twoDead = {
      ...snapshot,
      brokers: snapshot.brokers.map((one) => (one.id === 1 ? dead(1, 'a') : one)),
    }
    expect(codes(twoDead)).toEqual(['blocker TOO_MANY_DEAD'])
    expect(lists(twoDead, { maxDead: 2 })).toHaveLength(1)
  })

  it('also moves replicas off a log directory that failed on a live broker', () => {
    const snapshot = cluster({
      brokers: [broker(1), broker(2), broker(3), broker(4)],
      topics: [topic('orders', [{ ...healthy(1, 2), isr: [1], offlineReplicas: [2] }])],
    })
    expect(heal(snapshot).steps).toMatchObject([{ reason: { code: 'LOG_DIR_FAILED' } }])
  })
})

describe('what healing refuses', () => {
  it('is data at risk: without a live in-sync copy nothing is planned, and it is named', () => {
    const draft = heal(withDead6({ ...lost(6, 1), isr: [6], leader: null }, lost(6), lost(3, 6)))
    expect(draft).toMatchObject({ outcome: 'changes', complete: false })
    expect(draft.deferred.map(({ subject, reason }) => `${subject} ${reason.code}`)).toEqual([
      'orders-0 NO_LIVE_IN_SYNC_REPLICA',
      'orders-1 ONLY_COPY_LOST',
    ])
    expect(draft.findings).toMatchObject([
      { code: 'DATA_AT_RISK', partitions: ['orders-0', 'orders-1'] },
      { code: 'DEAD_BROKER', severity: 'info' },
    ])
    expect(draft.steps).toHaveLength(1)
  })

  it('is everything while one partition is not explained, and the rest on request', () => {
    const snapshot = withDead6(lost(1, 6, 3), { ...healthy(1, 3), isr: [1] })
    expect(heal(snapshot)).toMatchObject({ outcome: 'refused', steps: [] })
    expect(codes(snapshot)).toEqual(['blocker UNEXPLAINED_UNDER_REPLICATION'])
    const confident = heal(snapshot, { onlyConfident: true })
    expect(confident.steps).toHaveLength(1)
    expect(confident.deferred).toMatchObject([{ subject: 'orders-1' }])
  })

  it('is a broker that may be restarting', () => {
    expect(codes(withDead6(lost(1, 6)), { minDeadForMs: 3_600_000 })).toEqual([
      'blocker DEAD_TOO_SHORT',
    ])
  })

  it('is no broker of which nobody knows since when it is gone: that is a warning', () => {
    const snapshot = cluster({
      brokers: [rack(1, 'a'), rack(3, 'b'), rack(5, 'c'), dead(6, 'c')],
      topics: [topic('orders', [lost(1, 6)])],
    })
    expect(heal(snapshot)).toMatchObject({
      outcome: 'changes',
      findings: [
        { code: 'DEAD_SINCE_UNKNOWN', severity: 'warning', subject: 'broker 6' },
        { code: 'DEAD_BROKER', severity: 'info' },
      ],
    })
  })

  it('is a replica without a place, with the rule, its figures and the flag that lifts it', () => {
    const small = { capacity: { diskBytes: 1e9 } }
    const snapshot = cluster({
      brokers: [rack(1, 'a'), rack(3, 'b'), { ...rack(5, 'c'), ...small }, dead(6, 'c')],
      topics: [topic('orders', [{ ...lost(1, 6, 3), sizeBytes: 2e9 }])],
    })
    const draft = heal(snapshot)
    expect(draft.outcome).toBe('refused')
    expect(draft.deferred).toMatchObject([
      { subject: 'orders-0', reason: { code: 'NO_ROOM_DISK' }, override: '--ignore-capacity' },
    ])
    expect(draft.findings[0]?.message).toContain('1 have no room for 2.00 GB more on disk')
    expect(lists(snapshot, { ignoreCapacity: true })).toEqual([[1, 5, 3]])
  })

  it('is a log directory that Kafka may choose and that is too full, whatever is free in the others', () => {
    const logDirs = [
      { path: '/d1', usableBytes: 9e12 },
      { path: '/d2', usableBytes: 5e8 },
    ]
    const snapshot = cluster({
      brokers: [rack(1, 'a'), rack(3, 'b'), { ...rack(5, 'c'), logDirs }, dead(6, 'c')],
      topics: [topic('orders', [lost(1, 6, 3)])],
    })
    expect(heal(snapshot).deferred).toMatchObject([{ reason: { code: 'NO_ROOM_LOG_DIR' } }])
  })

  it('is what is in flight, until that has ended', () => {
    const moving = { ...lost(1, 6, 3), replicas: [1, 6, 5, 3], adding: [5], removing: [3] }
    expect(heal(withDead6(moving)).deferred).toMatchObject([{ reason: { code: 'IN_FLIGHT' } }])
  })

  it('is what is in flight onto the dead broker, and says that waiting for its end is no use', () => {
    const stuck = { ...lost(1, 6, 3), replicas: [1, 3, 6], adding: [6], removing: [] }
    const [deferred] = heal(withDead6(stuck, lost(1, 6, 3))).deferred
    expect(deferred?.reason.code).toBe('IN_FLIGHT')
    expect(deferred?.reason.text).toContain('to broker 6, where its replica is lost')
    expect(deferred?.reason.text).toContain('cancel it, and plan again')
  })
})

describe('racks and replication factors', () => {
  it('shares a rack with a warning where no broker is left in the lost one', () => {
    const snapshot = cluster({
      brokers: [rack(1, 'a'), rack(2, 'a'), rack(3, 'b'), dead(6, 'c')],
      topics: [topic('orders', [lost(1, 6, 3)])],
    })
    expect(lists(snapshot)).toEqual([[1, 2, 3]])
    expect(codes(snapshot)).toEqual(['warning RACKS_SHARED'])
    expect(codes(snapshot, { rackPolicy: 'strict' })).toEqual(['blocker NO_PLACE'])
  })

  it('raises what fell below the wanted replication factor', () => {
    const draft = heal(withDead6(healthy(1, 3)), { minReplicationFactor: 3 })
    expect(draft.steps).toMatchObject([
      { from: [1, 3], to: [1, 3, 5], changesReplicationFactor: true },
    ])
  })
})
