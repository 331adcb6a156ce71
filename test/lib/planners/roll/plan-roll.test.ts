import { describe, expect, it } from 'vitest'

import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import { predictStop } from '../../../../src/lib/planners/roll/min-isr.js'
import { planRoll } from '../../../../src/lib/planners/roll/plan-roll.js'
import type { RollPolicy } from '../../../../src/lib/planners/roll/roll-policy.js'

const policy: RollPolicy = {
  exclude: [],
  order: 'id',
  keepOrder: false,
  controllers: 'no',
  batch: 'serial',
  maxParallel: 3,
  maxUnavailableShare: 0.5,
  isrMargin: 0,
  allowReassignments: false,
}

interface PartitionSpec {
  readonly replicas: readonly number[]
  readonly isr?: readonly number[]
  readonly leader?: number | null
  readonly adding?: readonly number[]
}

function cluster(
  topics: Readonly<Record<string, { minIsr: number; partitions: readonly PartitionSpec[] }>>,
): Snapshot {
  const racks = ['a', 'b', 'c', 'a', 'b', 'c']
  return {
    format: 'klinic.snapshot/1',
    cluster: { id: 'c', metadata: 'kraft', controller: 2 },
    capturedAt: '2026-11-21T11:00:00.000Z',
    brokers: racks.map((rack, index) => ({
      id: index + 1,
      host: `kafka${index + 1}`,
      port: 9092,
      rack,
      state: 'alive',
    })),
    topics: Object.entries(topics).map(([name, topic]) => ({
      name,
      minInsyncReplicas: topic.minIsr,
      partitions: topic.partitions.map((spec, id) => ({
        id,
        replicas: spec.replicas,
        isr: spec.isr ?? spec.replicas,
        leader: spec.leader === undefined ? (spec.replicas[0] ?? null) : spec.leader,
        ...(spec.adding === undefined ? {} : { adding: spec.adding }),
      })),
    })),
  }
}

const threeRacks = cluster({
  orders: {
    minIsr: 2,
    partitions: [
      { replicas: [1, 2, 3] },
      { replicas: [4, 5, 6] },
      { replicas: [1, 5, 3] },
      { replicas: [4, 2, 6] },
    ],
  },
})
const batchesOf = (snapshot: Snapshot, overrides: Partial<RollPolicy>) => {
  const byBatch = new Map<number, number[]>()
  for (const step of planRoll(snapshot, { ...policy, ...overrides }).steps) {
    if (step.type === 'restart')
      byBatch.set(step.batch, [...(byBatch.get(step.batch) ?? []), step.broker])
  }
  return [...byBatch.values()]
}

describe('the prediction of what a stop does to in-sync replicas', () => {
  it('says offline when the only replica in sync would stop', () => {
    const snapshot = cluster({ single: { minIsr: 1, partitions: [{ replicas: [1] }] } })
    expect(predictStop(snapshot, new Set([1])).map((risk) => risk.verdict)).toEqual(['OFFLINE'])
    expect(predictStop(snapshot, new Set([2]))).toEqual([])
  })

  it('says unsafe when a replica is missing already and the stop would go below min ISR', () => {
    const snapshot = cluster({
      orders: { minIsr: 2, partitions: [{ replicas: [1, 2, 3], isr: [1, 2] }] },
    })
    expect(predictStop(snapshot, new Set([1]))[0]).toMatchObject({
      verdict: 'UNSAFE',
      isrAfter: [2],
      minIsr: 2,
    })
  })

  it('protects the replica that may be first to catch up while a partition is below min ISR', () => {
    const snapshot = cluster({
      orders: { minIsr: 2, partitions: [{ replicas: [1, 2, 3], isr: [1] }] },
    })
    expect(predictStop(snapshot, new Set([3])).map((risk) => risk.verdict)).toEqual(['UNSAFE'])
  })

  it('tells apart what no order of restarts can protect', () => {
    const snapshot = cluster({ strict: { minIsr: 2, partitions: [{ replicas: [1, 2] }] } })
    expect(predictStop(snapshot, new Set([1])).map((risk) => risk.verdict)).toEqual(['UNAVOIDABLE'])
  })

  it('asks for a margin only where the replication factor has room for it', () => {
    const three = cluster({ t: { minIsr: 2, partitions: [{ replicas: [1, 2, 3] }] } })
    const four = cluster({
      t: { minIsr: 2, partitions: [{ replicas: [1, 2, 3, 4], isr: [1, 2, 3] }] },
    })
    expect(predictStop(three, new Set([1]), 1)).toEqual([])
    expect(predictStop(four, new Set([1]), 1).map((risk) => risk.verdict)).toEqual(['THIN'])
  })

  it('does not count a replica that a reassignment is adding as one that holds the partition', () => {
    const snapshot = cluster({
      t: { minIsr: 2, partitions: [{ replicas: [1, 2, 3, 6], isr: [1, 2, 3], adding: [6] }] },
    })
    expect(predictStop(snapshot, new Set([6]))).toEqual([])
  })
})

describe('a rolling restart plan', () => {
  it('restarts the active controller last, whatever order is asked for', () => {
    for (const order of ['id', 'given', 'leaders'] as const) {
      const plan = planRoll(threeRacks, { ...policy, order, brokers: [2, 1, 3, 4, 5, 6] })
      expect(plan.steps.at(-1)).toMatchObject({ broker: 2, reason: { code: 'CONTROLLER_LAST' } })
      expect(plan.steps).toHaveLength(6)
    }
  })

  it('keeps each batch within one rack when asked to, in as many batches as there are racks', () => {
    expect(
      batchesOf(threeRacks, { batch: 'rack' }).map((batch) => batch.toSorted((a, b) => a - b)),
    ).toEqual(
      expect.arrayContaining([
        [1, 4],
        [2, 5],
        [3, 6],
      ]),
    )
  })

  it('never lets two replicas of one partition stop together because their racks have the same label', () => {
    const snapshot = cluster({ odd: { minIsr: 2, partitions: [{ replicas: [1, 4, 2] }] } })
    for (const batch of batchesOf(snapshot, { batch: 'rack' })) expect(batch).not.toEqual([1, 4])
  })

  it('refuses a topic of replication factor 1 by name, and accepts it when told to', () => {
    const snapshot = cluster({ single: { minIsr: 1, partitions: [{ replicas: [3] }] } })
    const refused = planRoll(snapshot, policy)
    expect(refused).toMatchObject({ outcome: 'refused', steps: [] })
    expect(refused.findings[0]).toMatchObject({ code: 'WOULD_GO_OFFLINE', subject: 'broker 3' })
    expect(refused.findings[0]?.message).toContain('single-0')
    const accepted = planRoll(snapshot, { ...policy, allowOffline: /^single$/ })
    expect(accepted.outcome).toBe('changes')
    expect(
      accepted.steps.find((step) => step.type === 'restart' && step.broker === 3),
    ).toMatchObject({
      partitionsAtRisk: 1,
      lowestIsrAfterStop: 0,
    })
  })

  it('refuses while a broker outside the subset is missing', () => {
    const snapshot = {
      ...threeRacks,
      brokers: threeRacks.brokers.map((broker) =>
        broker.id === 6 ? { ...broker, state: 'dead' as const } : broker,
      ),
    }
    const plan = planRoll(snapshot, { ...policy, brokers: [1] })
    expect(plan.outcome).toBe('refused')
    expect(plan.findings.map((finding) => finding.code)).toContain('BROKER_MISSING')
  })

  it('refuses while a partition is being reassigned, and says which', () => {
    const snapshot = cluster({
      t: { minIsr: 1, partitions: [{ replicas: [1, 2, 3], isr: [1, 2], adding: [3] }] },
    })
    const plan = planRoll(snapshot, policy)
    expect(plan.findings.map((finding) => finding.code)).toContain('REASSIGNMENT_IN_FLIGHT')
    expect(planRoll(snapshot, { ...policy, allowReassignments: true }).outcome).toBe('changes')
  })

  it('names an unknown broker instead of passing over it', () => {
    expect(planRoll(threeRacks, { ...policy, brokers: [1, 99] }).findings[0]).toMatchObject({
      code: 'UNKNOWN_BROKER',
      subject: 'broker 99',
    })
  })
})

describe('a throttle that was left on', () => {
  it('refuses the plan, since the gate would wait for it without end', () => {
    const key = 'follower.replication.throttled.replicas'
    const throttles = [{ resource: 'topic', name: 'orders', key, value: '0:1' }] as const
    const plan = planRoll({ ...threeRacks, throttles }, policy)
    expect(plan.outcome).toBe('refused')
    expect(plan.findings).toMatchObject([{ code: 'THROTTLE_LEFT', severity: 'blocker' }])
  })
})

describe('a min ISR that is not known', () => {
  it('refuses the roll instead of being taken for 1, and says what lifts it', () => {
    const topics = threeRacks.topics.map((topic) => ({
      name: topic.name,
      partitions: topic.partitions,
    }))
    const plan = planRoll({ ...threeRacks, topics }, policy)
    expect(plan.findings.map(({ code }) => code)).toContain('MIN_ISR_UNKNOWN')
    expect(plan.outcome).not.toBe('changes')
    const lifted = planRoll({ ...threeRacks, topics }, { ...policy, allowBelowMinIsr: /orders/ })
    expect(lifted.findings.map(({ code }) => code)).not.toContain('MIN_ISR_UNKNOWN')
  })
})

describe('controllers that are no brokers', () => {
  const facts = {
    controllers: [
      { id: 101, host: 'c2' },
      { id: 100, host: 'c1' },
      { id: 102, host: '' },
    ],
  }
  const snapshot = { ...threeRacks, cluster: { ...threeRacks.cluster, controller: 100 } }
  const idsOf = (overrides: Partial<RollPolicy>) =>
    planRoll(snapshot, { ...policy, ...overrides }, facts).steps.flatMap((step) =>
      step.type === 'restart' ? [step.broker] : [],
    )

  it('are left alone unless asked for, and the plan says so', () => {
    const plan = planRoll(snapshot, policy, facts)
    expect(plan.outcome).toBe('changes')
    expect(plan.findings).toMatchObject([{ code: 'CONTROLLERS_LEFT', severity: 'info' }])
    expect(plan.steps).toHaveLength(6)
  })

  it('restart one at a time, the active one last of them, before the brokers or after', () => {
    expect(idsOf({ controllers: 'last' })).toEqual([1, 2, 3, 4, 5, 6, 101, 102, 100])
    expect(idsOf({ controllers: 'first' })).toEqual([101, 102, 100, 1, 2, 3, 4, 5, 6])
    const { steps } = planRoll(snapshot, { ...policy, controllers: 'last', batch: 'rack' }, facts)
    const batches = steps.flatMap((step) =>
      step.type === 'restart' && step.role === 'controller' ? [step.batch] : [],
    )
    expect(new Set(batches).size).toBe(3)
  })

  it('may be named like brokers', () => {
    expect(idsOf({ brokers: [102, 3] })).toEqual([3, 102])
    expect(idsOf({ controllers: 'last', exclude: [101, 4, 5, 6] })).toEqual([1, 2, 3, 102, 100])
  })
})

describe('a broker that is named although it is not there', () => {
  const snapshot: Snapshot = {
    ...threeRacks,
    brokers: threeRacks.brokers.map((broker) =>
      broker.id === 5 ? { ...broker, state: 'dead' } : broker,
    ),
    topics: threeRacks.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => ({
        ...partition,
        isr: partition.replicas.filter((id) => id !== 5),
        leader: partition.replicas.find((id) => id !== 5) ?? null,
      })),
    })),
  }

  it('restarts first, since nothing else can bring it back, and the others as if it were well', () => {
    const plan = planRoll(snapshot, { ...policy, brokers: [4, 5] })
    expect(plan.outcome).toBe('changes')
    expect(plan.steps).toMatchObject([
      { broker: 5, batch: 1, reason: { code: 'SICK_FIRST' } },
      { broker: 4, batch: 2 },
    ])
  })

  it('stands in the way of every other broker while it is not named', () => {
    const plan = planRoll(snapshot, { ...policy, brokers: [4] })
    expect(plan.findings.map(({ code }) => code)).toContain('BROKER_MISSING')
  })
})

describe('what is known beside the snapshot', () => {
  it('makes a broker that only the inventory knows a missing one', () => {
    const known = { inventory: [1, 2, 3, 4, 5, 6, 7], controllers: [] }
    expect(planRoll(threeRacks, policy, known).findings).toMatchObject([
      { code: 'BROKER_MISSING', subject: 'broker 7' },
    ])
    expect(planRoll(threeRacks, policy, { inventory: [7] }).outcome).toBe('changes')
  })

  it('gives an estimate from earlier restarts, a batch counting like one broker', () => {
    const measured = { measuredSeconds: [30, 20, 90] }
    expect(planRoll(threeRacks, policy, measured).summary.etaSeconds).toBe(180)
    const racks = planRoll(threeRacks, { ...policy, batch: 'rack' }, measured)
    expect(racks.summary.etaSeconds).toBe(90)
    expect(planRoll(threeRacks, policy).summary.etaSeconds).toBeUndefined()
  })
})

describe('a margin that some topics have too few replicas for', () => {
  const findings = (isrMargin: number, replicas: readonly number[]) =>
    planRoll(cluster({ orders: { minIsr: 2, partitions: [{ replicas }] } }), {
      ...policy,
      isrMargin,
    }).findings

  it('is left out for them, and the plan says so', () => {
    expect(findings(1, [1, 2, 3])).toMatchObject([
      { code: 'MARGIN_OUT_OF_REACH', severity: 'warning' },
    ])
    expect(findings(1, [1, 2, 3])[0]?.message).toContain('orders')
  })

  it('says nothing where they have enough, or none was asked for', () => {
    expect(findings(1, [1, 2, 3, 4])).toEqual([])
    expect(findings(0, [1, 2, 3])).toEqual([])
  })
})
