import { brokerLoads } from '../../src/lib/model/broker-load.js'
import type { Snapshot } from '../../src/lib/model/snapshot.js'
import type { Plan } from '../../src/lib/plan/plan.js'

/** Out-traffic of one broker, bytes per second: measured before, foretold by the plan, measured after. */
export interface BrokerVerdict {
  readonly id: number
  readonly before: number
  readonly planned: number
  readonly measured: number
}

/** What the demo promises, and whether it was kept. */
export interface KeptPromise {
  readonly text: string
  readonly kept: boolean
}

const outOf = (snapshot: Snapshot): ReadonlyMap<number, number> =>
  new Map([...brokerLoads(snapshot)].map(([id, load]) => [id, load.outBytesPerSec]))

/** Lines up the three figures for each broker. */
export function compareBrokers(plan: Plan, after: Snapshot): readonly BrokerVerdict[] {
  const measured = outOf(after)
  return plan.summary.brokers.map((broker) => ({
    id: broker.id,
    before: broker.before.outBytesPerSec,
    planned: broker.after.outBytesPerSec,
    measured: measured.get(broker.id) ?? 0,
  }))
}

function maxOverMean(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.max(...values) / mean
}

const SKEW_BEFORE = 1.5
const SKEW_AFTER = 1.15
const TOLERANCE = 0.1

function isWhole(snapshot: Snapshot): readonly string[] {
  const partitions = snapshot.topics.flatMap((topic) =>
    topic.partitions.map((partition) => ({ topic, partition })),
  )
  const behind = partitions.filter(
    ({ partition }) => (partition.isr ?? partition.replicas).length < partition.replicas.length,
  )
  const moving = partitions.filter(
    ({ partition }) => (partition.adding?.length ?? 0) + (partition.removing?.length ?? 0) > 0,
  )
  return [
    ...(behind.length > 0 ? [`${behind.length} under-replicated`] : []),
    ...(moving.length > 0 ? [`${moving.length} in flight`] : []),
    ...((snapshot.throttles ?? []).length > 0 ? ['a throttle is left'] : []),
  ]
}

/** Judges the run by what was measured, never by what was planned. */
export function judge(brokers: readonly BrokerVerdict[], after: Snapshot): readonly KeptPromise[] {
  const before = maxOverMean(brokers.map((broker) => broker.before))
  const measured = maxOverMean(brokers.map((broker) => broker.measured))
  const off = brokers.filter(
    (broker) => Math.abs(broker.measured - broker.planned) > TOLERANCE * broker.planned,
  )
  const faults = isWhole(after)
  return [
    {
      text: `busiest broker before: ${before.toFixed(2)} x the mean (at least ${SKEW_BEFORE})`,
      kept: before >= SKEW_BEFORE,
    },
    {
      text: `busiest broker after: ${measured.toFixed(2)} x the mean (at most ${SKEW_AFTER})`,
      kept: measured <= SKEW_AFTER,
    },
    {
      text: `brokers more than 10 % off what the plan foretold: ${off.length}`,
      kept: off.length === 0,
    },
    {
      text: `the cluster is whole: ${faults.length === 0 ? 'yes' : faults.join(', ')}`,
      kept: faults.length === 0,
    },
  ]
}
