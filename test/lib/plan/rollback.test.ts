import { describe, expect, it } from 'vitest'

import { formatPlan } from '../../../src/lib/plan/format-plan.js'
import { parsePlan } from '../../../src/lib/plan/parse-plan.js'
import type { LeaderStep, ReassignStep } from '../../../src/lib/plan/plan.js'
import { rollbackOf } from '../../../src/lib/plan/rollback.js'
import { simulate } from '../../../src/lib/plan/simulate.js'
import { aCluster, aPlan, leadOrders0, moveOrders1 } from './a-plan.js'

const elect: LeaderStep = { ...leadOrders0, id: 1, replicas: [1, 2], from: 2, to: 1 }
const move: ReassignStep = { ...moveOrders1, partition: 0, from: [1, 2], to: [3, 4] }
const ledBy = (leader: number | null) => new Map([['orders-0', leader]])

describe('the leaders of a rollback', () => {
  it('undoes a plan of nothing but elections: the replica that led before leads again, and the list is in order', () => {
    const back = rollbackOf(aPlan([elect]), ledBy(2))
    expect(back.outcome).toBe('changes')
    expect(back.steps).toMatchObject([
      { id: 1, type: 'leader', replicas: [1, 2], from: 1, to: 2 },
      { id: 2, type: 'reassign', from: [2, 1], to: [1, 2], leader: 2, bytesToMove: 0 },
    ])
    expect(back.summary).toMatchObject({ replicaMoves: 0, leaderMoves: 1, bytesToMove: 0 })
    expect(back.findings).toMatchObject([
      { code: 'LEADER_NOT_PREFERRED', severity: 'warning', partitions: ['orders-0'] },
    ])
  })

  it('elects the preferred leader where that one led, with the list, in one step', () => {
    expect(rollbackOf(aPlan([leadOrders0]), ledBy(1)).steps).toMatchObject([
      { type: 'reassign', from: [2, 1], to: [1, 2] },
    ])
    const back = rollbackOf(aPlan([move]), ledBy(1))
    expect(back.steps).toHaveLength(1)
    expect(back.steps[0]).not.toHaveProperty('leader')
    expect(back.findings).toEqual([])
  })

  it('copies replicas back with the leader in front, then puts the list in order', () => {
    const back = rollbackOf(aPlan([move]), ledBy(2))
    expect(back.steps).toMatchObject([
      { id: 1, type: 'reassign', from: [3, 4], to: [2, 1], bytesToMove: 5_000_000_000 },
      { id: 2, type: 'reassign', from: [2, 1], to: [1, 2], leader: 2, bytesToMove: 0 },
    ])
    expect(back.summary).toMatchObject({ replicaMoves: 2, leaderMoves: 1 })
  })

  it('only puts the list in order where the leader to bring back leads already', () => {
    expect(rollbackOf(aPlan([leadOrders0]), ledBy(2)).steps).toMatchObject([
      { type: 'reassign', from: [2, 1], to: [1, 2], leader: 2 },
    ])
  })

  it('is a plan that can be read again, and ends with lists and leaders as they were', () => {
    const cluster = aCluster()
    const [topic] = cluster.topics
    const before = {
      ...cluster,
      topics: [
        {
          ...topic!,
          partitions: topic!.partitions.map((one) => (one.id === 0 ? { ...one, leader: 2 } : one)),
        },
      ],
    }
    for (const step of [elect, move]) {
      const plan = aPlan([step])
      const back = rollbackOf(plan, ledBy(2))
      expect(parsePlan(formatPlan(back), 'file')).toEqual(back)
      const [after] = simulate(simulate(before, plan), back).topics
      expect(after?.partitions[0]).toMatchObject({ replicas: [1, 2], leader: 2 })
    }
  })

  it('names every partition that another broker will lead than before, and why', () => {
    expect(rollbackOf(aPlan([move]), ledBy(null))).toMatchObject({
      complete: false,
      findings: [
        {
          code: 'LEADER_NOT_RESTORED',
          severity: 'warning',
          subject: 'orders-0',
          message: 'nobody led orders-0 before; broker 1 will lead',
        },
      ],
    })
    expect(rollbackOf(aPlan([move]), ledBy(4)).findings[0]?.message).toBe(
      'broker 4, which led orders-0 before, is not in the list [1 2]; broker 1 will lead',
    )
    expect(rollbackOf(aPlan([move])).findings).toMatchObject([{ code: 'LEADERS_NOT_RECORDED' }])
  })

  it('takes the word of a leader step where nobody wrote down who led', () => {
    expect(rollbackOf(aPlan([elect])).steps).toMatchObject([{ to: 2 }, { leader: 2 }])
  })

  it('refuses a file whose step keeps a leader that is not in its list', () => {
    const plan = aPlan([{ ...move, leader: 9 }])
    expect(() => parsePlan(formatPlan(plan), 'file')).toThrow('leader')
  })
})
