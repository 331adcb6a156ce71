import { describe, expect, it } from 'vitest'

import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import { simulateSteps } from '../../../../src/lib/plan/simulate.js'
import { partitionSteps } from '../../../../src/lib/plan/step-lists.js'
import { balanceCurve } from '../../../../src/lib/planners/balance/balance-curve.js'
import { DEFAULT_BALANCE_POLICY } from '../../../../src/lib/planners/balance/balance-policy.js'
import { explainPartition } from '../../../../src/lib/planners/balance/explain-partition.js'
import { planBalance } from '../../../../src/lib/planners/balance/plan-balance.js'
import { generateModel, withoutTraffic } from '../../../bench/planner/generate-model.js'

const POLICY = { ...DEFAULT_BALANCE_POLICY, limit: 0.8 }
const uneven = generateModel({
  name: 'uneven',
  seed: 3,
  brokers: 9,
  racks: 3,
  partitions: 240,
  topics: 8,
  zipf: 0.6,
  skew: 0.5,
})

/** The model with one partition that carries more than any broker may. */
function withGiant(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    topics: snapshot.topics.map((topic, t) => ({
      ...topic,
      partitions: topic.partitions.map((partition, at) =>
        t === 0 && at === 0 ? { ...partition, bytesOutPerSec: 1.6e9 } : partition,
      ),
    })),
  }
}

describe('balance plan', () => {
  it('brings in and out inside the band and says why for each step', () => {
    const plan = planBalance(uneven, POLICY)
    expect(plan.outcome).toBe('changes')
    expect(plan.complete).toBe(true)
    for (const { resource, maxOverMeanAfter } of plan.summary.balance ?? [])
      if (resource === 'in' || resource === 'out') expect(maxOverMeanAfter).toBeLessThanOrEqual(1.1)
    for (const step of plan.steps) expect(step.reason.text).toMatch(/moves no data|copies/)
    expect(plan.summary.bytesToMove).toBeGreaterThanOrEqual(plan.summary.lowerBoundBytes ?? 0)
  })

  it('moves nothing when the band is off and nobody is over a limit', () => {
    expect(
      planBalance(uneven, {
        ...POLICY,
        limit: 1,
        band: 'off',
        inLimit: 9e9,
        outLimit: 9e9,
        diskLimit: 9e15,
      }).outcome,
    ).toBe('no-changes')
  })

  it('names the partition that no broker can carry, and improves the rest when asked', () => {
    const giant = withGiant(uneven)
    const refused = planBalance(giant, POLICY)
    expect(refused.outcome).toBe('refused')
    expect(refused.steps).toEqual([])
    const cause = refused.findings.find((finding) => finding.code === 'PARTITION_TOO_LARGE')
    expect(cause?.subject).toBe('topic-00000-0')
    expect(cause?.message).toMatch(/out .* to broker \d+/)
    const partial = planBalance(giant, { ...POLICY, allowPartial: true })
    expect(partial.outcome).toBe('changes')
    expect(partial.complete).toBe(false)
  })

  it('says how many brokers are missing when all together are too few', () => {
    const refused = planBalance(uneven, { ...POLICY, outLimit: 5e8 })
    expect(refused.outcome).toBe('refused')
    expect(refused.findings[0]).toMatchObject({ code: 'TOO_MUCH_LOAD', severity: 'blocker' })
    expect(refused.findings[0]?.message).toMatch(/\d+ more of .* each would be needed/)
  })

  it('refuses to plan in and out from traffic that is mostly unknown, but not counts', () => {
    const unknown = withoutTraffic(uneven)
    expect(planBalance(unknown, POLICY).findings[0]?.code).toBe('TRAFFIC_UNKNOWN')
    const counts = planBalance(unknown, {
      ...POLICY,
      resources: ['replicas', 'leaders'],
      band: 0.01,
    })
    const replicas = counts.summary.brokers.map((broker) => broker.after.replicas)
    expect(Math.max(...replicas) - Math.min(...replicas)).toBeLessThanOrEqual(1)
  })

  it('gives new brokers only what it moves when told so', () => {
    const grown = generateModel({
      name: 'grown',
      seed: 5,
      brokers: 12,
      racks: 3,
      partitions: 240,
      topics: 8,
      zipf: 0.5,
      added: 3,
    })
    const plan = planBalance(grown, { ...POLICY, onlyTo: [10, 11, 12] })
    expect(plan.outcome).toBe('changes')
    for (const step of partitionSteps(plan.steps))
      if (step.type === 'leader') expect([10, 11, 12]).toContain(step.to)
      else for (const id of step.to) if (!step.from.includes(id)) expect(id).toBeGreaterThan(9)
  })

  it('repairs racks when asked, and leaves them as they are when not', () => {
    const [first, ...rest] = uneven.topics
    const crowded: Snapshot = {
      ...uneven,
      topics: [
        {
          ...first!,
          partitions: first!.partitions.map((partition, at) =>
            at === 0 ? { ...partition, replicas: [1, 4, 2], isr: [1, 4, 2], leader: 1 } : partition,
          ),
        },
        ...rest,
      ],
    }
    const racks = (ids: readonly number[]) => new Set(ids.map((id) => (id - 1) % 3)).size
    const after = simulateSteps(crowded, planBalance(crowded, { ...POLICY, fixRacks: true }).steps)
    for (const topic of after.topics)
      for (const partition of topic.partitions) expect(racks(partition.replicas)).toBe(3)
  })

  it('tells why a partition stays and why not to another broker', () => {
    const plan = planBalance(uneven, POLICY)
    const changed = new Set(
      partitionSteps(plan.steps).map((step) => `${step.topic}-${step.partition}`),
    )
    const about = uneven.topics
      .flatMap((topic) =>
        topic.partitions.map((partition) => ({ topic: topic.name, partition: partition.id })),
      )
      .find((one) => !changed.has(`${one.topic}-${one.partition}`))!
    const answer = explainPartition(uneven, POLICY, plan, about)
    expect(answer?.step).toBeNull()
    expect(answer?.brokers).toHaveLength(6)
    for (const broker of answer?.brokers ?? []) expect(broker.reasons.length).toBeGreaterThan(0)
  })

  it('shows what each further amount of data would buy', () => {
    const points = balanceCurve(uneven, POLICY)
    expect(points[0]?.bytesToMove).toBe(0)
    expect(points.at(-1)?.bytesToMove).toBe(planBalance(uneven, POLICY).summary.bytesToMove)
    for (const point of points) expect(point.bytesToMove).toBeLessThanOrEqual(point.budgetBytes)
  })
})
