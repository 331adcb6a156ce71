import { assemblePlan } from '../../../src/lib/plan/assemble-plan.js'
import type { LeaderStep, Plan, ReassignStep, Step } from '../../../src/lib/plan/plan.js'
import type { Snapshot } from '../../../src/lib/model/snapshot.js'
import { summarise } from '../../../src/lib/plan/summarise.js'
import { broker, cluster, healthy } from '../health/cluster-builder.js'

export const TOPIC_ID = 'aGVsbG9oZWxsb2hlbGxvMQ'

/** Four live brokers on three racks, and one topic of two partitions with an id. */
export function aCluster(changes: Partial<Snapshot> = {}): Snapshot {
  const traffic = { bytesInPerSec: 1_000_000, bytesOutPerSec: 2_000_000, sizeBytes: 5_000_000_000 }
  return cluster({
    traffic: {
      from: '2026-11-20T11:00:00.000Z',
      to: '2026-11-21T10:30:00.000Z',
      statistic: 'max',
      source: 'admin',
    },
    brokers: [broker(1), broker(2), broker(3), broker(4)],
    topics: [
      {
        name: 'orders',
        topicId: TOPIC_ID,
        minInsyncReplicas: 1,
        partitions: [
          { id: 0, ...healthy(1, 2), ...traffic },
          { id: 1, ...healthy(2, 3), ...traffic },
        ],
      },
    ],
    ...changes,
  })
}

export const moveOrders1: ReassignStep = {
  id: 1,
  type: 'reassign',
  topic: 'orders',
  topicId: TOPIC_ID,
  partition: 1,
  from: [2, 3],
  to: [2, 4],
  bytesToMove: 5_000_000_000,
  reason: { code: 'ABOVE_BAND', text: 'broker 3 has in 1.00 MB/s, 1.4 x the mean' },
  gain: 'in of broker 3 -1.00 MB/s',
}

export const leadOrders0: LeaderStep = {
  id: 2,
  type: 'leader',
  topic: 'orders',
  topicId: TOPIC_ID,
  partition: 0,
  replicas: [1, 2],
  from: 1,
  to: 2,
  bytesToMove: 0,
  reason: { code: 'BELOW_BAND', text: 'broker 2 leads nothing' },
}

/** A plan of these steps for {@link aCluster}. */
export function aPlan(
  steps: readonly Step[] = [moveOrders1, leadOrders0],
  changes: Partial<Plan> = {},
): Plan {
  const snapshot = aCluster()
  const plan = assemblePlan(snapshot, {
    kind: 'balance',
    outcome: steps.length === 0 ? 'no-changes' : 'changes',
    complete: true,
    policy: { band: 0.1 },
    steps,
    deferred: [],
    findings: [],
    summary: summarise(snapshot, steps),
  })
  return { ...plan, ...changes }
}
