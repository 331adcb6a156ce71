import { describe, expect, it } from 'vitest'

import type { Snapshot } from '../../../src/lib/model/snapshot.js'
import { judgeFindings } from '../../../src/lib/plan/judge-findings.js'
import { simulate } from '../../../src/lib/plan/simulate.js'
import { validatePlan } from '../../../src/lib/plan/validate-plan.js'
import { broker } from '../health/cluster-builder.js'
import { aCluster, aPlan } from './a-plan.js'

const check = (snapshot: Snapshot) => {
  const findings = validatePlan(aPlan(), snapshot)
  return {
    exit: judgeFindings(findings),
    found: findings.map(({ code, subject, message }) => `${code} ${subject}: ${message}`),
  }
}

function withPartition(index: number, changes: object): Snapshot {
  const snapshot = aCluster()
  return {
    ...snapshot,
    topics: snapshot.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition, id) =>
        id === index ? { ...partition, ...changes } : partition,
      ),
    })),
  }
}

describe('a plan against the cluster of now', () => {
  it('fits when nothing changed', () => {
    expect(check(aCluster())).toEqual({ exit: 'done', found: [] })
  })

  it('is stale when somebody moved a replica, and both lists are named', () => {
    expect(check(withPartition(1, { replicas: [2, 1], isr: [2, 1] }))).toEqual({
      exit: 'stale',
      found: [
        'REPLICAS_CHANGED orders-1: the replicas of orders-1 are [2 1], the plan expects [2 3]',
      ],
    })
  })

  it('is stale when only the order of the replicas changed', () => {
    expect(check(withPartition(1, { replicas: [3, 2] })).exit).toBe('stale')
  })

  it('is for another cluster before anything else is looked at', () => {
    const other = aCluster({ cluster: { id: 'another', metadata: 'kraft' }, topics: [] })
    expect(check(other)).toEqual({
      exit: 'stale',
      found: [
        expect.stringMatching(
          /^OTHER_CLUSTER .* the plan is for cluster idRtU6h9TruQ_XTdDDEtWw, this is cluster another$/,
        ),
      ],
    })
  })

  it('is stale when the topic is gone, or was created again', () => {
    expect(check(aCluster({ topics: [] })).found).toEqual([
      'TOPIC_GONE orders-1: there is no topic orders any more',
      'TOPIC_GONE orders-0: there is no topic orders any more',
    ])
    const [topic] = aCluster().topics
    const again = aCluster({ topics: [{ ...topic!, topicId: 'b'.repeat(22) }] })
    expect(check(again).found[0]).toContain('TOPIC_RECREATED orders-1: topic orders was deleted')
  })

  it('has to wait while one of its partitions is being reassigned', () => {
    const moving = { replicas: [4, 2, 3], adding: [4], removing: [3] }
    expect(check(withPartition(1, moving))).toEqual({
      exit: 'tryLater',
      found: ['IN_FLIGHT orders-1: orders-1 is being reassigned (now [4 2 3])'],
    })
  })

  it('is refused when a target died, and when nobody is left to copy from', () => {
    const dead = aCluster({
      brokers: [broker(1), broker(2), broker(3), broker(4, { state: 'dead' })],
    })
    expect(check(dead)).toEqual({
      exit: 'refused',
      found: ['TARGET_NOT_ALIVE broker 4: broker 4 is dead and is to get 1 new replicas'],
    })
    const silent = check(withPartition(1, { isr: [], leader: null }))
    expect(silent.exit).toBe('refused')
    expect(silent.found[0]).toContain('NO_LIVE_SOURCE orders-1')
  })

  it('is told apart from one that was carried out already', () => {
    const after = simulate(aCluster(), aPlan())
    expect(check(after)).toEqual({
      exit: 'done',
      found: [
        'ALREADY_DONE orders-1: orders-1 has the planned replicas already',
        'ALREADY_DONE orders-0: orders-0 has the planned replicas already',
      ],
    })
  })

  it('is stale when somebody edited it, with what to do about it', () => {
    const plan = aPlan()
    const edited = { ...plan, steps: plan.steps.slice(1) }
    const findings = validatePlan(edited, aCluster())
    expect(findings).toMatchObject([{ code: 'PLAN_EDITED', severity: 'blocker' }])
    expect(findings[0]?.nextSteps.join()).toContain('--accept-edits')
    expect(judgeFindings(findings)).toBe('stale')
  })
})
