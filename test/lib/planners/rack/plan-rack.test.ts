import { describe, expect, it } from 'vitest'

import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import { listAfter, partitionSteps } from '../../../../src/lib/plan/step-lists.js'
import { planRack, type RackPlanPolicy } from '../../../../src/lib/planners/rack/plan-rack.js'
import { broker, cluster, healthy, topic } from '../../health/cluster-builder.js'

const repair = (snapshot: Snapshot, policy: Partial<RackPlanPolicy> = {}) =>
  planRack(snapshot, {
    limit: 1,
    rackPolicy: 'spread',
    excludeBrokers: [],
    onlyTo: [],
    ignoreCapacity: false,
    allowFewerRacks: false,
    allowPartial: false,
    ...policy,
  })
const lists = (snapshot: Snapshot, policy: Partial<RackPlanPolicy> = {}) =>
  partitionSteps(repair(snapshot, policy).steps).map(listAfter)
const withRacks = (racks: readonly string[], ...partitions: ReturnType<typeof healthy>[]) =>
  cluster({
    brokers: racks.map((rack, index) => broker(index + 1, { rack })),
    topics: [topic('orders', partitions)],
  })

describe('rack repair', () => {
  it('moves one of two replicas that share a rack, not the leader, and nothing else', () => {
    const snapshot = withRacks(['a', 'a', 'b', 'c'], healthy(1, 2, 3), healthy(1, 3, 4))
    expect(lists(snapshot)).toEqual([[1, 4, 3]])
    expect(repair(snapshot).steps[0]?.reason.text).toBe('3 replicas stand in 2 of 3 racks')
  })

  it('is content when there are fewer racks than replicas: 2 + 1 is fine', () => {
    expect(repair(withRacks(['a', 'a', 'b'], healthy(1, 2, 3))).outcome).toBe('no-changes')
  })

  it('spreads 3 + 1 over two racks only when even racks are asked for', () => {
    const snapshot = withRacks(['a', 'a', 'a', 'b', 'b'], healthy(1, 2, 3, 4))
    expect(repair(snapshot).outcome).toBe('no-changes')
    expect(lists(snapshot, { rackPolicy: 'even' })[0]).toContain(5)
  })

  it('is refused under a strict policy where racks are missing', () => {
    const draft = repair(withRacks(['a', 'a', 'b'], healthy(1, 2, 3)), { rackPolicy: 'strict' })
    expect(draft).toMatchObject({ outcome: 'refused' })
  })

  it('says so when the other rack has no room', () => {
    const snapshot = withRacks(['a', 'a', 'b'], { ...healthy(1, 2), sizeBytes: 2e9 })
    const full = {
      ...snapshot,
      brokers: snapshot.brokers.map((one) =>
        one.id === 3 ? { ...one, capacity: { diskBytes: 1e9 } } : one,
      ),
    }
    expect(repair(full)).toMatchObject({ outcome: 'refused' })
    expect(lists(full, { ignoreCapacity: true })).toEqual([[1, 3]])
  })

  it('has nothing to repair where brokers have no racks', () => {
    const brokers = [1, 2, 3].map((id) => ({ id, host: 'h', port: 1, state: 'alive' as const }))
    expect(repair(cluster({ brokers, topics: [topic('t', [healthy(1, 2)])] })).steps).toEqual([])
  })
})
