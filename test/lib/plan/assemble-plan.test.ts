import { describe, expect, it } from 'vitest'

import { fingerprintOfSteps } from '../../../src/lib/plan/assemble-plan.js'
import { diffPlans, isEmptyDiff } from '../../../src/lib/plan/diff-plans.js'
import { rollbackOf } from '../../../src/lib/plan/rollback.js'
import { aPlan, leadOrders0, moveOrders1 } from './a-plan.js'

describe('the identity of a plan', () => {
  it('is a hash of its content: the same content has the same id, other content another', () => {
    expect(aPlan().id).toMatch(/^balance-[0-9a-f]{8}$/)
    expect(aPlan().id).toBe(aPlan().id)
    expect(aPlan([moveOrders1]).id).not.toBe(aPlan().id)
  })

  it('has a fingerprint of cluster, topic ids and lists, whatever the order of the steps', () => {
    const print = fingerprintOfSteps('c', [moveOrders1, leadOrders0])
    expect(print).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(fingerprintOfSteps('c', [leadOrders0, moveOrders1])).toBe(print)
    expect(fingerprintOfSteps('d', [moveOrders1, leadOrders0])).not.toBe(print)
    const reordered = { ...leadOrders0, replicas: [2, 1] }
    expect(fingerprintOfSteps('c', [moveOrders1, reordered])).not.toBe(print)
    const recreated = { ...leadOrders0, topicId: 'b'.repeat(22) }
    expect(fingerprintOfSteps('c', [moveOrders1, recreated])).not.toBe(print)
  })

  it('looks at the state before the first of several steps of a partition', () => {
    const then = { ...moveOrders1, id: 2, from: [2, 4], to: [2, 1] }
    expect(fingerprintOfSteps('c', [moveOrders1, then])).toBe(
      fingerprintOfSteps('c', [moveOrders1]),
    )
  })
})

describe('the rollback of a plan', () => {
  it('submits the original lists, counts the bytes that go back, and says what it undoes', () => {
    const rollback = rollbackOf(aPlan())
    expect(rollback).toMatchObject({ kind: 'rollback', policy: { undoes: aPlan().id } })
    expect(rollback.steps).toMatchObject([
      { type: 'reassign', partition: 0, from: [2, 1], to: [1, 2], bytesToMove: 0 },
      { type: 'reassign', partition: 1, from: [2, 4], to: [2, 3], bytesToMove: 5_000_000_000 },
    ])
  })

  it('takes several steps of a partition back at once', () => {
    const then = { ...moveOrders1, id: 2, from: [2, 4], to: [2, 1] }
    expect(rollbackOf(aPlan([moveOrders1, then])).steps).toMatchObject([
      { from: [2, 1], to: [2, 3], bytesToMove: 5_000_000_000 },
    ])
  })
})

describe('the difference between two plans', () => {
  it('is empty for the same changes in another order', () => {
    expect(isEmptyDiff(diffPlans(aPlan(), aPlan([leadOrders0, moveOrders1])))).toBe(true)
  })

  it('names what only one of them does, and what they do differently', () => {
    const other = { ...moveOrders1, to: [2, 1] }
    expect(diffPlans(aPlan(), aPlan([other]))).toMatchObject({
      onlyInA: [{ subject: 'orders-0', to: [2, 1] }],
      onlyInB: [],
      different: [{ subject: 'orders-1', a: { to: [2, 4] }, b: { to: [2, 1] } }],
      same: 0,
      sameCluster: true,
    })
  })

  it('tells two plans apart that differ in nothing but who leads at the end', () => {
    const reorder = { ...moveOrders1, to: [3, 2], bytesToMove: 0 }
    const diff = diffPlans(aPlan([reorder]), aPlan([{ ...reorder, leader: 2 }]))
    expect(isEmptyDiff(diff)).toBe(false)
    expect(diff.different).toMatchObject([{ subject: 'orders-1', b: { to: [3, 2], leader: 2 } }])
    expect(diff.different[0]?.a).not.toHaveProperty('leader')
    // Said or not: the first of the list leads.
    const said = { ...reorder, leader: 3 }
    expect(isEmptyDiff(diffPlans(aPlan([reorder]), aPlan([said])))).toBe(true)
  })
})
