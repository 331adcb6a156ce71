import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { evenLeaders } from '../../../../src/lib/planners/leader/even-leaders.js'
import { planLeader } from '../../../../src/lib/planners/leader/plan-leader.js'
import { broker, cluster, healthy, topic } from '../../health/cluster-builder.js'

describe('preferred leaders back', () => {
  const moved = { ...healthy(1, 2, 3), leader: 2 }

  it('elects the first replica where it is in sync', () => {
    const draft = planLeader(cluster({ topics: [topic('orders', [moved, healthy(2, 1)])] }), {
      goal: 'preferred',
    })
    expect(draft.steps).toMatchObject([
      { type: 'leader', partition: 0, replicas: [1, 2, 3], from: 2, to: 1, bytesToMove: 0 },
    ])
    expect(draft.steps[0]?.reason.text).toBe('led by broker 2, its preferred leader is broker 1')
  })

  it('waits for one that is not in sync, and does not want a dead one', () => {
    const behind = planLeader(cluster({ topics: [topic('orders', [{ ...moved, isr: [2, 3] }])] }), {
      goal: 'preferred',
    })
    expect(behind).toMatchObject({ outcome: 'no-changes', complete: false })
    expect(behind.deferred).toMatchObject([{ reason: { code: 'PREFERRED_NOT_IN_SYNC' } }])
    const dead = cluster({
      brokers: [broker(1, { state: 'dead' }), broker(2), broker(3)],
      topics: [topic('orders', [{ ...moved, isr: [2, 3] }])],
    })
    expect(planLeader(dead, { goal: 'preferred' })).toMatchObject({ complete: true, steps: [] })
  })

  it('leaves excluded topics alone', () => {
    const draft = planLeader(cluster({ topics: [topic('orders', [moved])] }), {
      goal: 'preferred',
      excludeTopics: /^ord/,
    })
    expect(draft.steps).toEqual([])
  })
})

describe('an equal number of leaders', () => {
  it('takes as few elections as the surplus', () => {
    const partitions = Array.from({ length: 6 }, () => healthy(1, 2, 3))
    const draft = planLeader(cluster({ topics: [topic('orders', partitions)] }), { goal: 'even' })
    expect(draft.steps).toHaveLength(4)
    expect(draft.summary.brokers.map(({ after }) => after.leaders)).toEqual([2, 2, 2])
  })

  it('goes through others where no partition is shared directly', () => {
    const led = [
      { leader: 1, followers: [2] },
      { leader: 1, followers: [2] },
      { leader: 2, followers: [3] },
    ]
    expect(evenLeaders(led, [1, 2, 3]).toSorted()).toEqual([1, 2, 3])
  })

  it('elects members only, never more unevenly than before, and settles', () => {
    const broker3 = fc.integer({ min: 1, max: 6 })
    const partition = fc
      .uniqueArray(broker3, { minLength: 1, maxLength: 3 })
      .map(([leader, ...followers]) => ({ leader: leader!, followers }))
    const spread = (leaders: readonly number[]): number => {
      const counts = [1, 2, 3, 4, 5, 6].map((id) => leaders.filter((one) => one === id).length)
      return Math.max(...counts) - Math.min(...counts)
    }
    fc.assert(
      fc.property(fc.array(partition, { maxLength: 40 }), (partitions) => {
        const leaders = evenLeaders(partitions, [1, 2, 3, 4, 5, 6])
        leaders.forEach((id, index) => {
          const { leader, followers } = partitions[index]!
          expect([leader, ...followers]).toContain(id)
        })
        const before = spread(partitions.map(({ leader }) => leader))
        expect(spread(leaders)).toBeLessThanOrEqual(before)
        const again = partitions.map(({ leader, followers }, index) => {
          const now = leaders[index]!
          return { leader: now, followers: [leader, ...followers].filter((id) => id !== now) }
        })
        expect(evenLeaders(again, [1, 2, 3, 4, 5, 6])).toEqual(leaders)
      }),
    )
  })
})
