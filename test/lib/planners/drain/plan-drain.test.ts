import { describe, expect, it } from 'vitest'

import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import { listAfter, partitionSteps } from '../../../../src/lib/plan/step-lists.js'
import { planDrain, type DrainPolicy } from '../../../../src/lib/planners/drain/plan-drain.js'
import { broker, cluster, healthy, topic } from '../../health/cluster-builder.js'

const drain = (snapshot: Snapshot, policy: Partial<DrainPolicy> = {}) =>
  planDrain(snapshot, {
    brokers: [1],
    limit: 1,
    ignoreCapacity: false,
    allowPartial: false,
    ...policy,
  })
const lists = (snapshot: Snapshot, policy: Partial<DrainPolicy> = {}) =>
  partitionSteps(drain(snapshot, policy).steps).map(listAfter)
const led = { bytesInPerSec: 1e6, bytesOutPerSec: 1e6 }

describe('draining a broker of leadership', () => {
  it('makes a follower lead and puts the drained broker last; no data moves', () => {
    const snapshot = cluster({ topics: [topic('orders', [{ ...healthy(1, 2, 3), ...led }])] })
    const draft = drain(snapshot)
    expect(lists(snapshot)).toEqual([[2, 3, 1]])
    expect(draft.summary).toMatchObject({ bytesToMove: 0, replicaMoves: 0, leaderMoves: 1 })
  })

  it('gives leadership to the follower with the most room', () => {
    const snapshot = cluster({
      topics: [topic('busy', [{ ...healthy(2, 3), ...led }]), topic('orders', [healthy(1, 2, 3)])],
    })
    expect(lists(snapshot)).toEqual([[3, 2, 1]])
  })

  it('also sees to it that a preferred election brings nothing back', () => {
    const snapshot = cluster({ topics: [topic('orders', [{ ...healthy(1, 2, 3), leader: 3 }])] })
    expect(lists(snapshot)).toEqual([[3, 2, 1]])
  })

  it('leaves partitions alone that the broker only follows', () => {
    expect(drain(cluster({ topics: [topic('orders', [healthy(2, 1, 3)])] })).steps).toEqual([])
  })

  it('drains several brokers to the ones that stay', () => {
    const snapshot = cluster({ topics: [topic('orders', [healthy(1, 2, 3), healthy(2, 3)])] })
    expect(lists(snapshot, { brokers: [1, 2] })).toEqual([
      [3, 1, 2],
      [3, 2],
    ])
  })

  it('never elects a replica that is out of sync', () => {
    const snapshot = cluster({ topics: [topic('orders', [{ ...healthy(1, 2, 3), isr: [1, 3] }])] })
    expect(lists(snapshot)).toEqual([[3, 2, 1]])
  })
})

describe('what cannot be drained', () => {
  it('is named and refuses the plan; the rest is drained on request', () => {
    const snapshot = cluster({
      topics: [
        topic('alone', [healthy(1)]),
        topic('behind', [{ ...healthy(1, 2), isr: [1] }]),
        topic('fine', [healthy(1, 3)]),
      ],
    })
    expect(drain(snapshot)).toMatchObject({ outcome: 'refused', steps: [] })
    const partial = drain(snapshot, { allowPartial: true })
    expect(partial).toMatchObject({ outcome: 'changes', complete: false })
    expect(partial.deferred.map(({ subject, reason }) => `${subject} ${reason.code}`)).toEqual([
      'alone-0 ONLY_REPLICA',
      'behind-0 NO_IN_SYNC_FOLLOWER',
    ])
  })

  it('is what no follower has room for, unless capacity is ignored', () => {
    const capacity = { outBytesPerSec: 1e6 }
    const snapshot = cluster({
      brokers: [broker(1), broker(2, { capacity })],
      topics: [topic('orders', [{ ...healthy(1, 2), ...led }])],
    })
    expect(drain(snapshot).deferred).toMatchObject([
      { reason: { code: 'NO_ROOM_OUT' }, override: '--ignore-capacity' },
    ])
    expect(lists(snapshot, { ignoreCapacity: true })).toEqual([[2, 1]])
  })
})
