import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Snapshot } from '../../src/lib/model/snapshot.js'
import { planRoll } from '../../src/lib/planners/roll/plan-roll.js'
import type { RollPolicy } from '../../src/lib/planners/roll/roll-policy.js'

const policyOf = (batch: RollPolicy['batch'], isrMargin: number): RollPolicy => ({
  exclude: [],
  order: 'id',
  keepOrder: false,
  controllers: 'no',
  batch,
  maxParallel: 5,
  maxUnavailableShare: 1,
  isrMargin,
  allowReassignments: false,
  allowBelowMinIsr: /.*/,
  allowOffline: /.*/,
})

const clusters = fc
  .record({
    brokers: fc.integer({ min: 1, max: 14 }),
    racks: fc.integer({ min: 1, max: 4 }),
    topics: fc.array(
      fc.record({
        minIsr: fc.integer({ min: 1, max: 3 }),
        rf: fc.integer({ min: 1, max: 4 }),
        starts: fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 12 }),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ brokers, racks, topics }): Snapshot => ({
    format: 'klinic.snapshot/1',
    cluster: { id: 'c', metadata: 'kraft', controller: 1 },
    capturedAt: '2026-11-21T11:00:00.000Z',
    brokers: Array.from({ length: brokers }, (_, index) => ({
      id: index + 1,
      host: 'h',
      port: 1,
      rack: `r${index % racks}`,
      state: 'alive',
    })),
    topics: topics.map(({ minIsr, rf, starts }, number) => ({
      name: `t${number}`,
      minInsyncReplicas: minIsr,
      partitions: starts.map((start, id) => {
        const replicas = Array.from(
          { length: Math.min(rf, brokers) },
          (_, i) => ((start + i) % brokers) + 1,
        )
        return { id, replicas, isr: replicas, leader: replicas[0] ?? null }
      }),
    })),
  }))

describe('rolling restart plans over generated clusters', () => {
  it('restart every broker exactly once, the controller in the last batch, in no fewer batches than the bound', () => {
    fc.assert(
      fc.property(clusters, fc.constantFrom('serial', 'parallel', 'rack'), (snapshot, batch) => {
        const plan = planRoll(snapshot, policyOf(batch, 0))
        const steps = plan.steps.filter((step) => step.type === 'restart')
        expect(steps.map((step) => step.broker).toSorted((a, b) => a - b)).toEqual(
          snapshot.brokers.map(({ id }) => id),
        )
        const last = Math.max(...steps.map((step) => step.batch))
        expect(steps.find((step) => step.broker === 1)?.batch).toBe(last)
        expect(last).toBeGreaterThanOrEqual(Number(plan.policy['batchesLowerBound']))
      }),
    )
  })

  it('leave every partition that can be protected at or above min ISR while a whole batch is down', () => {
    fc.assert(
      fc.property(
        clusters,
        fc.constantFrom('parallel', 'rack'),
        fc.nat({ max: 1 }),
        (snapshot, batch, margin) => {
          const steps = planRoll(snapshot, policyOf(batch, margin)).steps.filter(
            (step) => step.type === 'restart',
          )
          for (const number of new Set(steps.map((step) => step.batch))) {
            const down = new Set(
              steps.filter((step) => step.batch === number).map((step) => step.broker),
            )
            for (const topic of snapshot.topics) {
              const minIsr = topic.minInsyncReplicas ?? 1
              for (const { replicas } of topic.partitions) {
                const left = replicas.filter((replica) => !down.has(replica)).length
                const wanted = replicas.length > minIsr + margin ? minIsr + margin : minIsr
                if (replicas.length > minIsr) expect(left).toBeGreaterThanOrEqual(wanted)
                else expect(replicas.length - left).toBeLessThanOrEqual(1)
              }
            }
          }
        },
      ),
    )
  })

  it('are the same whatever the order of brokers and topics in the snapshot', () => {
    fc.assert(
      fc.property(clusters, (snapshot) => {
        const shuffled = {
          ...snapshot,
          brokers: snapshot.brokers.toReversed(),
          topics: snapshot.topics.toReversed(),
        }
        const restarts = (input: Snapshot) => planRoll(input, policyOf('parallel', 0)).steps
        expect(restarts(shuffled)).toEqual(restarts(snapshot))
      }),
    )
  })
})
