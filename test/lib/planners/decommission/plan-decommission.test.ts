import { describe, expect, it } from 'vitest'

import { listAfter, partitionSteps } from '../../../../src/lib/plan/step-lists.js'
import {
  planDecommission,
  type DecommissionPolicy,
} from '../../../../src/lib/planners/decommission/plan-decommission.js'
import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import { broker, cluster, healthy, topic } from '../../health/cluster-builder.js'

const decommission = (snapshot: Snapshot, policy: Partial<DecommissionPolicy> = {}) =>
  planDecommission(snapshot, {
    brokers: [3],
    limit: 1,
    rackPolicy: 'spread',
    excludeBrokers: [],
    onlyTo: [],
    ignoreCapacity: false,
    allowFewerRacks: false,
    allowPartial: false,
    ...policy,
  })
const lists = (snapshot: Snapshot, policy: Partial<DecommissionPolicy> = {}) =>
  partitionSteps(decommission(snapshot, policy).steps).map(listAfter)

const four = [1, 2, 3, 4].map((id) => broker(id, { rack: `r${id}` }))

describe('taking a broker out', () => {
  it('moves each of its replicas and nothing else', () => {
    const snapshot = cluster({
      brokers: four,
      topics: [topic('orders', [healthy(1, 3), healthy(1, 2), healthy(3)])],
    })
    const draft = decommission(snapshot)
    expect(draft).toMatchObject({ kind: 'decommission', outcome: 'changes', complete: true })
    expect(draft.steps.map((step) => step.type)).toEqual(['reassign', 'reassign'])
    expect(lists(snapshot).flat()).not.toContain(3)
    expect(draft.summary.brokers.find(({ id }) => id === 3)).toMatchObject({
      state: 'draining',
      after: { replicas: 0, leaders: 0 },
    })
  })

  it('takes several at once, and gives none of them anything', () => {
    const snapshot = cluster({ brokers: four, topics: [topic('orders', [healthy(3, 4)])] })
    expect(
      lists(snapshot, { brokers: [3, 4] })
        .flat()
        .sort(),
    ).toEqual([1, 2])
  })

  it('goes only where it may', () => {
    const snapshot = cluster({ brokers: four, topics: [topic('orders', [healthy(1, 3)])] })
    expect(lists(snapshot, { onlyTo: [4] })).toEqual([[1, 4]])
    expect(lists(snapshot, { excludeBrokers: [2] })).toEqual([[1, 4]])
  })

  it('keeps the racks: refused where one would be lost, done where that is accepted', () => {
    const racks = ['a', 'a', 'b'].map((rack, index) => broker(index + 1, { rack }))
    const snapshot = cluster({ brokers: racks, topics: [topic('orders', [healthy(1, 3)])] })
    const draft = decommission(snapshot)
    expect(draft).toMatchObject({ outcome: 'refused', steps: [] })
    expect(draft.deferred).toMatchObject([
      { reason: { code: 'FEWER_RACKS' }, override: '--allow-fewer-racks' },
    ])
    expect(lists(snapshot, { allowFewerRacks: true })).toEqual([[1, 2]])
  })

  it('is refused when too few brokers are left, with the count of each cause; partly on request', () => {
    const snapshot = cluster({
      topics: [topic('wide', [healthy(1, 2, 3)]), topic('narrow', [healthy(3)])],
    })
    const draft = decommission(snapshot)
    expect(draft.outcome).toBe('refused')
    expect(draft.findings[0]?.message).toBe(
      'wide-0: none of 3 brokers can take it: 1 are dead or draining, 2 hold a replica of it already',
    )
    const partial = decommission(snapshot, { allowPartial: true })
    expect(partial).toMatchObject({ outcome: 'changes', complete: false })
    expect(partial.steps).toMatchObject([{ topic: 'narrow' }])
  })

  it('knows its brokers', () => {
    expect(decommission(cluster(), { brokers: [9] }).findings).toMatchObject([
      { code: 'UNKNOWN_BROKER', message: 'there is no broker 9 in this cluster' },
    ])
  })
})
