import { describe, expect, it } from 'vitest'

import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import { listAfter, partitionSteps } from '../../../../src/lib/plan/step-lists.js'
import {
  planReplication,
  type ReplicationPolicy,
} from '../../../../src/lib/planners/replication/plan-replication.js'
import { broker, cluster, healthy, topic } from '../../health/cluster-builder.js'

const replicate = (snapshot: Snapshot, factor: number, policy: Partial<ReplicationPolicy> = {}) =>
  planReplication(snapshot, {
    topics: ['orders'],
    factor,
    limit: 1,
    rackPolicy: 'spread',
    excludeBrokers: [],
    onlyTo: [],
    ignoreCapacity: false,
    allowFewerRacks: false,
    allowPartial: false,
    allowBelowMinIsr: false,
    ...policy,
  })
const lists = (snapshot: Snapshot, factor: number) =>
  partitionSteps(replicate(snapshot, factor).steps).map(listAfter)

describe('a higher replication factor', () => {
  it('adds replicas in racks that hold none, and counts their bytes', () => {
    const snapshot = cluster({
      brokers: [broker(1), broker(2), broker(3), broker(4, { rack: 'a' })],
      topics: [topic('orders', [{ ...healthy(1), sizeBytes: 1e9 }]), topic('other', [healthy(1)])],
    })
    expect(lists(snapshot, 3)).toEqual([[1, 2, 3]])
    expect(replicate(snapshot, 3).steps).toMatchObject([
      { topic: 'orders', bytesToMove: 2e9, changesReplicationFactor: true },
    ])
  })

  it('is refused beyond the brokers that there are', () => {
    const snapshot = cluster({ topics: [topic('orders', [healthy(1, 2)])] })
    expect(replicate(snapshot, 4)).toMatchObject({ outcome: 'refused' })
  })

  it('evens out partitions of different factors, and leaves those alone that have it', () => {
    const snapshot = cluster({ topics: [topic('orders', [healthy(1), healthy(2, 3)])] })
    expect(lists(snapshot, 2)).toHaveLength(1)
  })
})

describe('a lower replication factor', () => {
  it('drops dead replicas before others, then those that share a rack, never the leader', () => {
    const racks = ['a', 'b', 'b', 'c'].map((rack, index) => broker(index + 1, { rack }))
    const shared = cluster({ brokers: racks, topics: [topic('orders', [healthy(2, 3, 4)])] })
    expect(lists(shared, 2)).toEqual([[2, 4]])
    const brokers = [broker(1), broker(2), broker(3, { state: 'dead' })]
    const dead = cluster({
      brokers,
      topics: [topic('orders', [{ ...healthy(3, 1, 2), isr: [1, 2], leader: 2 }])],
    })
    expect(lists(dead, 2)[0]?.toSorted()).toEqual([1, 2])
    const led = cluster({ topics: [topic('orders', [{ ...healthy(1, 2, 3), leader: 3 }])] })
    expect(lists(led, 1)).toEqual([[3]])
  })

  it('is refused below min.insync.replicas unless that is accepted, and warns at it', () => {
    const snapshot = cluster({ topics: [topic('orders', [healthy(1, 2, 3)], 2)] })
    expect(replicate(snapshot, 1).findings).toMatchObject([
      { code: 'FACTOR_BELOW_MIN_ISR', severity: 'blocker' },
    ])
    expect(replicate(snapshot, 1, { allowBelowMinIsr: true }).outcome).toBe('changes')
    expect(replicate(snapshot, 2).findings).toMatchObject([
      { code: 'FACTOR_EQUALS_MIN_ISR', severity: 'warning' },
    ])
  })
})

describe('a topic that is not there', () => {
  it('is refused with the name that was meant', () => {
    const snapshot = cluster({ topics: [topic('orders', [healthy(1)])] })
    const draft = replicate(snapshot, 2, { topics: ['order'] })
    expect(draft).toMatchObject({ outcome: 'refused' })
    expect(draft.findings[0]?.message).toBe('there is no topic order, did you mean orders?')
  })
})
