import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { brokerLoads } from '../../src/lib/model/broker-load.js'
import { rackOf, indexBrokers } from '../../src/lib/model/find-partition.js'
import type { Snapshot } from '../../src/lib/model/snapshot.js'
import { judgePlacement } from '../../src/lib/placement/judge-placement.js'
import { assemblePlan } from '../../src/lib/plan/assemble-plan.js'
import { rollbackOf } from '../../src/lib/plan/rollback.js'
import { simulate, simulateSteps } from '../../src/lib/plan/simulate.js'
import {
  listAfter,
  listBefore,
  newReplicas,
  partitionSteps,
} from '../../src/lib/plan/step-lists.js'
import {
  DEFAULT_BALANCE_POLICY,
  type BalancePolicy,
} from '../../src/lib/planners/balance/balance-policy.js'
import { placementContext } from '../../src/lib/planners/balance/placement-context.js'
import { planBalance } from '../../src/lib/planners/balance/plan-balance.js'
import { generateModel, type ModelShape } from '../bench/planner/generate-model.js'
import { createRandom } from '../bench/planner/random.js'

const shapes: fc.Arbitrary<ModelShape> = fc.record({
  name: fc.constant('generated'),
  seed: fc.nat(1_000_000),
  brokers: fc.integer({ min: 4, max: 14 }),
  racks: fc.integer({ min: 2, max: 4 }),
  partitions: fc.integer({ min: 10, max: 150 }),
  topics: fc.integer({ min: 1, max: 6 }),
  replicationFactor: fc.integer({ min: 1, max: 2 }),
  zipf: fc.constantFrom(0, 0.6, 1.1),
  skew: fc.constantFrom(0, 0.3, 1),
  hetero: fc.boolean(),
  added: fc.integer({ min: 0, max: 1 }),
  dead: fc.integer({ min: 0, max: 1 }),
})

const policies: fc.Arbitrary<BalancePolicy> = fc
  .record({
    resources: fc.constantFrom<BalancePolicy['resources'][]>(
      ['in', 'out'],
      ['in', 'out', 'disk'],
      ['replicas', 'leaders'],
      ['disk'],
    ),
    band: fc.constantFrom<BalancePolicy['band'][]>(0.1, 0.05, 0.3, 'off'),
    limit: fc.constantFrom(1, 0.8, 0.5),
    allowPartial: fc.boolean(),
    rackPolicy: fc.constantFrom<BalancePolicy['rackPolicy'][]>('spread', 'strict', 'even'),
    excludeBrokers: fc.constantFrom<number[][]>([], [], [4]),
  })
  .map((chosen) => ({ ...DEFAULT_BALANCE_POLICY, ...chosen }))

const cases = fc.tuple(shapes, policies)
const runs = { numRuns: 60 }

const plan = (snapshot: Snapshot, policy: BalancePolicy) =>
  assemblePlan(snapshot, planBalance(snapshot, policy))

const check = (law: (snapshot: Snapshot, policy: BalancePolicy) => void): void => {
  fc.assert(
    fc.property(cases, ([shape, policy]) => {
      law(generateModel(shape), policy)
    }),
    runs,
  )
}

describe('a balance, whatever the cluster and the policy', () => {
  it('keeps the replication factor, and never puts two replicas on a broker', () => {
    check((snapshot, policy) => {
      for (const step of partitionSteps(plan(snapshot, policy).steps)) {
        expect(new Set(listAfter(step)).size).toBe(listBefore(step).length)
        expect(listAfter(step)).toHaveLength(listBefore(step).length)
      }
    })
  })

  it('gives replicas and leadership to live brokers that are not excluded only', () => {
    check((snapshot, policy) => {
      const brokers = indexBrokers(snapshot)
      for (const step of partitionSteps(plan(snapshot, policy).steps))
        for (const id of [...newReplicas(step), ...(step.type === 'leader' ? [step.to] : [])]) {
          expect(brokers.get(id)?.state).toBe('alive')
          expect(policy.excludeBrokers).not.toContain(id)
        }
    })
  })

  it('leaves no partition that it touches on fewer racks than before', () => {
    check((snapshot, policy) => {
      const brokers = indexBrokers(snapshot)
      const racks = (list: readonly number[]) => new Set(list.map((id) => rackOf(brokers, id))).size
      if (policy.rackPolicy !== 'spread') return
      for (const step of partitionSteps(plan(snapshot, policy).steps))
        expect(racks(listAfter(step))).toBeGreaterThanOrEqual(racks(listBefore(step)))
    })
  })

  const keepsLimits = (snapshot: Snapshot, policy: BalancePolicy): void => {
    const made = plan(snapshot, policy)
    const after = brokerLoads(simulate(snapshot, made))
    const before = brokerLoads(snapshot)
    for (const broker of snapshot.brokers) {
      if (broker.state !== 'alive' || !made.complete) continue
      const pairs = [
        [broker.capacity?.inBytesPerSec, 'inBytesPerSec'],
        [broker.capacity?.outBytesPerSec, 'outBytesPerSec'],
        [broker.capacity?.diskBytes, 'diskBytes'],
      ] as const
      for (const [capacity, figure] of pairs) {
        const allowed = Math.max(
          (capacity ?? Infinity) * policy.limit,
          before.get(broker.id)![figure],
        )
        expect(after.get(broker.id)![figure]).toBeLessThanOrEqual(allowed * (1 + 1e-6) + 1)
      }
    }
  }

  it('brings no broker over its limit that was under it, and none further over it, unless it says so', () => {
    check(keepsLimits)
  })

  it('passes no limit of traffic for the sake of even counts', () => {
    const shape: ModelShape = {
      name: 'counts',
      seed: 933_583,
      brokers: 14,
      racks: 2,
      partitions: 15,
      topics: 1,
      replicationFactor: 1,
      zipf: 0,
      skew: 0,
      hetero: false,
      added: 1,
      dead: 0,
    }
    const policy: BalancePolicy = {
      ...DEFAULT_BALANCE_POLICY,
      resources: ['replicas', 'leaders'],
      limit: 0.5,
    }
    keepsLimits(generateModel(shape), policy)
  })

  it('proposes nothing on its own result', () => {
    check((snapshot, policy) => {
      const first = planBalance(snapshot, policy)
      const second = planBalance(simulateSteps(snapshot, first.steps), policy)
      expect(second.steps).toEqual([])
    })
  })

  it('is the same plan in any order of brokers, topics and partitions', () => {
    check((snapshot, policy) => {
      const random = createRandom(7)
      const mixed: Snapshot = {
        ...snapshot,
        brokers: random.shuffle(snapshot.brokers),
        topics: random
          .shuffle(snapshot.topics)
          .map((topic) => ({ ...topic, partitions: random.shuffle(topic.partitions) })),
      }
      expect(JSON.stringify(plan(mixed, policy))).toBe(JSON.stringify(plan(snapshot, policy)))
    })
  })

  it('changes leaders before it moves data, and rolls back to where it began', () => {
    check((snapshot, policy) => {
      const made = plan(snapshot, policy)
      const types = made.steps.map((step) => step.type)
      expect(types).toEqual([...types].sort((a, b) => (a === b ? 0 : a === 'leader' ? -1 : 1)))
      const back = simulate(simulate(snapshot, made), rollbackOf(made))
      const lists = (from: Snapshot) =>
        from.topics.map((topic) => topic.partitions.map((partition) => partition.replicas))
      expect(lists(back)).toEqual(lists(snapshot))
    })
  })

  it('places replicas only where every placement rule agrees', () => {
    check((snapshot, policy) => {
      const made = partitionSteps(plan(snapshot, policy).steps)
      for (const step of made) {
        const context = placementContext(
          snapshot,
          policy,
          made.filter((other) => other !== step),
        )
        const leaving = listBefore(step).filter((id) => !listAfter(step).includes(id))
        const added = newReplicas(step)
        if (added.length !== 1) continue
        const refusals = judgePlacement(
          {
            topic: step.topic,
            partition: step.partition,
            replicas: listBefore(step),
            leaving: leaving[0] ?? null,
            to: added[0]!,
            bytesInPerSec: 0,
            bytesOutPerSec: 0,
            sizeBytes: 0,
          },
          context,
        )
        expect(refusals).toEqual([])
      }
    })
  })

  it('keeps to its budgets', { timeout: 120_000 }, () => {
    check((snapshot, policy) => {
      const whole = planBalance(snapshot, { ...policy, allowPartial: true }).summary
      const bytes = Math.floor(whole.bytesToMove / 2)
      const moves = Math.floor(whole.replicaMoves / 2)
      const within = planBalance(snapshot, {
        ...policy,
        allowPartial: true,
        maxBytes: bytes,
      }).summary
      expect(within.bytesToMove).toBeLessThanOrEqual(bytes)
      const few = planBalance(snapshot, { ...policy, allowPartial: true, maxMoves: moves }).summary
      expect(few.replicaMoves).toBeLessThanOrEqual(moves)
    })
  })
})
