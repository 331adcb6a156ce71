import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { brokerLoads } from '../../src/lib/model/broker-load.js'
import { formatSnapshot } from '../../src/lib/model/format-snapshot.js'
import { parseSnapshot } from '../../src/lib/model/parse-snapshot.js'
import { isPlainPartition } from '../../src/lib/model/quick-partition.js'
import { partitionSchema } from '../../src/lib/model/snapshot-schema.js'
import type { Snapshot } from '../../src/lib/model/snapshot.js'
import { assemblePlan } from '../../src/lib/plan/assemble-plan.js'
import { formatPlan } from '../../src/lib/plan/format-plan.js'
import { importKafkaJson } from '../../src/lib/plan/import-kafka-json.js'
import { toKafkaJson, wantedLists } from '../../src/lib/plan/kafka-json.js'
import { parsePlan } from '../../src/lib/plan/parse-plan.js'
import type { Plan, Step } from '../../src/lib/plan/plan.js'
import { rollbackOf } from '../../src/lib/plan/rollback.js'
import { simulate } from '../../src/lib/plan/simulate.js'
import { summarise } from '../../src/lib/plan/summarise.js'
import { validatePlan } from '../../src/lib/plan/validate-plan.js'
import { anyCluster, shuffled } from './cluster-arbitrary.js'

/** Any legal change at all: reorder, replace one replica, or make a follower the leader. */
function anyPlan(snapshot: Snapshot, choices: readonly number[]): Plan {
  const steps: Step[] = []
  const alive = snapshot.brokers.filter((broker) => broker.state === 'alive')
  for (const topic of snapshot.topics) {
    for (const partition of topic.partitions) {
      const choice = choices[steps.length % choices.length] ?? 0
      const head = {
        id: steps.length + 1,
        topic: topic.name,
        ...(topic.topicId === undefined ? {} : { topicId: topic.topicId }),
        partition: partition.id,
        reason: { code: 'TEST', text: 'asked for by a test' },
      }
      const { replicas } = partition
      const target = alive.find((broker) => !replicas.includes(broker.id))
      if (choice % 3 === 0) {
        const to = replicas[choice % replicas.length]!
        steps.push({
          ...head,
          type: 'leader',
          replicas,
          from: partition.leader,
          to,
          bytesToMove: 0,
        })
      } else if (choice % 3 === 1 && target !== undefined) {
        const to = [...replicas.slice(1), target.id]
        const bytesToMove = partition.sizeBytes ?? 0
        steps.push({ ...head, type: 'reassign', from: replicas, to, bytesToMove })
      } else if (replicas.length > 1) {
        const to = replicas.toReversed()
        steps.push({ ...head, type: 'reassign', from: replicas, to, bytesToMove: 0 })
      }
    }
  }
  return assemblePlan(snapshot, {
    kind: 'balance',
    outcome: steps.length === 0 ? 'no-changes' : 'changes',
    complete: true,
    policy: { test: true },
    steps,
    deferred: [],
    findings: [],
    summary: summarise(snapshot, steps),
  })
}

const clustersAndPlans = fc
  .tuple(anyCluster(), fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }))
  .map(([snapshot, choices]) => ({ snapshot, plan: anyPlan(snapshot, choices) }))

const lists = (snapshot: Snapshot): unknown =>
  snapshot.topics.map((topic) => topic.partitions.map(({ replicas }) => replicas))

describe('plan documents over generated clusters', () => {
  it('come back from their file as they went in', () => {
    fc.assert(
      fc.property(clustersAndPlans, ({ plan }) => {
        expect(parsePlan(formatPlan(plan), 'file')).toEqual(plan)
      }),
    )
  })

  it('fit the cluster that they were made for, and are done once they were carried out', () => {
    fc.assert(
      fc.property(clustersAndPlans, ({ snapshot, plan }) => {
        expect(validatePlan(plan, snapshot)).toEqual([])
        const after = validatePlan(plan, simulate(snapshot, plan))
        expect(after.filter(({ severity }) => severity === 'blocker')).toEqual([])
      }),
    )
  })

  it('are undone by their rollback to the same ordered lists', () => {
    fc.assert(
      fc.property(clustersAndPlans, ({ snapshot, plan }) => {
        const after = simulate(snapshot, plan)
        const rollback = rollbackOf(plan)
        const gone = validatePlan(rollback, after).filter(({ severity }) => severity === 'blocker')
        expect(gone).toEqual([])
        expect(lists(simulate(after, rollback))).toEqual(lists(snapshot))
      }),
    )
  })

  it("reach the same lists by way of Kafka's JSON", () => {
    fc.assert(
      fc.property(clustersAndPlans, ({ snapshot, plan }) => {
        fc.pre(plan.steps.length > 0)
        const json = toKafkaJson(wantedLists(plan, 'target'))
        const options = { allowReplicationFactorChange: false }
        const imported = importKafkaJson(json, 'kafka.json', snapshot, options)
        expect(lists(simulate(snapshot, imported))).toEqual(lists(simulate(snapshot, plan)))
      }),
    )
  })

  it('foretell loads that the formulas give for the cluster afterwards', () => {
    fc.assert(
      fc.property(clustersAndPlans, ({ snapshot, plan }) => {
        const loads = brokerLoads(simulate(snapshot, plan))
        for (const { id, after } of plan.summary.brokers) expect(after).toEqual(loads.get(id))
      }),
    )
  })

  it('keep each replica and all of the traffic that comes in', () => {
    fc.assert(
      fc.property(clustersAndPlans, ({ plan }) => {
        const sum = (when: 'before' | 'after', figure: 'replicas' | 'inBytesPerSec'): number =>
          plan.summary.brokers.reduce((total, change) => total + change[when][figure], 0)
        expect(sum('after', 'replicas')).toBe(sum('before', 'replicas'))
        expect(sum('after', 'inBytesPerSec')).toBe(sum('before', 'inBytesPerSec'))
      }),
    )
  })
})

describe('snapshot documents over generated clusters', () => {
  it('come back from their file in order, however they were written', () => {
    fc.assert(
      fc.property(anyCluster({ maxDead: 2, inFlight: true }), (snapshot) => {
        const read = parseSnapshot(formatSnapshot(snapshot), 'file')
        expect(parseSnapshot(formatSnapshot(shuffled(snapshot)), 'file')).toEqual(read)
        expect(read).toEqual(snapshot)
      }),
    )
  })

  it('are never accepted by the quick check where the schema would refuse', () => {
    const anything = fc.oneof(
      fc.constant(undefined),
      fc.constant(null),
      fc.integer({ min: -2, max: 3 }),
      fc.double(),
      fc.string(),
      fc.array(fc.oneof(fc.integer({ min: -1, max: 4 }), fc.string()), { maxLength: 4 }),
    )
    const keys = [
      'id',
      'replicas',
      'isr',
      'leader',
      'sizeBytes',
      'bytesInPerSec',
      'other',
      '__proto__',
    ]
    const partition = fc
      .array(fc.tuple(fc.constantFrom(...keys), anything), { maxLength: 8 })
      .map((entries) => {
        const sound = { id: 1, replicas: [1, 2], leader: 1 }
        const text = JSON.stringify(Object.fromEntries(entries))
        return { ...sound, ...(JSON.parse(text) as object) }
      })
    fc.assert(
      fc.property(partition, (value) => {
        if (isPlainPartition(value)) expect(partitionSchema.safeParse(value).success).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
