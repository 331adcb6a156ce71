import type { Finding } from '../model/finding.js'
import type { PartitionStep, ReassignStep } from './plan.js'
import { sameList } from './step-lists.js'

/** What a plan did to one partition: its replica list and its leader, before and after. */
export interface Journey {
  /** `topic-partition` */
  readonly key: string
  readonly step: PartitionStep
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** Who led before; null: nobody; undefined: nobody wrote it down. */
  readonly ledBy: number | null | undefined
  /** Who leads since. */
  readonly ledThen: number
  readonly bytesOfReplica: number
}

/** Who is to lead again: who led before, where that is known and a replica of the original list; otherwise its first. */
export function leaderToRestore({ from, ledBy, ledThen }: Journey): number {
  if (typeof ledBy === 'number' && from.includes(ledBy)) return ledBy
  return from[0] ?? ledThen
}

/**
 * The steps that bring list and leader back. Only the first of a list can be elected. So a leader that was not the first of
 * its list is put first and elected; then the list gets its order again, which moves no leader.
 */
export function undoSteps(journey: Journey, planId: string): readonly PartitionStep[] {
  const { from, to, ledThen } = journey
  const leader = leaderToRestore(journey)
  if (leader === from[0]) {
    return sameList(from, to)
      ? [leaderStep(journey, leader, planId)]
      : [reassignStep(journey, to, from, planId)]
  }
  const rest = from.filter((id) => id !== leader)
  const isReordered = to.every((id) => from.includes(id)) && to.length === from.length
  const first = isReordered
    ? leaderStep(journey, leader, planId)
    : reassignStep(journey, to, [leader, ...rest], planId)
  const leads = isReordered ? [leader, ...to.filter((id) => id !== leader)] : [leader, ...rest]
  const last = { ...reassignStep(journey, leads, from, planId), leader }
  return sameList(leads, to) && leader === ledThen ? [last] : [first, last]
}

/** Filled in once all steps stand in their order. */
const NO_ID = 0

function base({ step }: Journey, what: string, planId: string) {
  const { topic, topicId, partition } = step
  return {
    id: NO_ID,
    topic,
    ...(topicId === undefined ? {} : { topicId }),
    partition,
    reason: { code: 'ROLLBACK', text: `undoes ${planId}: the ${what} as it was before` },
  }
}

function leaderStep(journey: Journey, leader: number, planId: string): PartitionStep {
  const { to, ledThen } = journey
  const lists = { replicas: to, from: ledThen, to: leader, bytesToMove: 0 } as const
  return { ...base(journey, 'leader', planId), type: 'leader', ...lists }
}

function reassignStep(
  journey: Journey,
  from: readonly number[],
  to: readonly number[],
  planId: string,
): ReassignStep {
  const missing = to.filter((replica) => !from.includes(replica))
  return {
    ...base(journey, 'replica list', planId),
    type: 'reassign',
    from,
    to,
    bytesToMove: journey.bytesOfReplica * missing.length,
    ...(from.length === to.length ? {} : { changesReplicationFactor: true }),
  }
}

/** What has to be known of leaders before a rollback is carried out: those that do not come back, and those that may not last. */
export function leaderFindings(
  all: readonly Journey[],
  undone: readonly Journey[],
): readonly Finding[] {
  const unknown = undone.filter(({ ledBy }) => ledBy === undefined).map(({ key }) => key)
  const fleeting = undone
    .filter((one) => leaderToRestore(one) !== one.from[0])
    .map(({ key }) => key)
  return [
    ...all.flatMap(notRestored),
    ...(unknown.length === 0 ? [] : [notRecorded(unknown)]),
    ...(fleeting.length === 0 ? [] : [notPreferred(fleeting)]),
  ]
}

function notRestored(journey: Journey): readonly Finding[] {
  const { key, from, ledBy } = journey
  if (ledBy === undefined || (ledBy !== null && from.includes(ledBy))) return []
  const then = `broker ${leaderToRestore(journey)} will lead`
  const why =
    ledBy === null
      ? `nobody led ${key} before; ${then}`
      : `broker ${ledBy}, which led ${key} before, is not in the list [${from.join(' ')}]; ${then}`
  return [finding('LEADER_NOT_RESTORED', why, [key])]
}

function notRecorded(keys: readonly string[]): Finding {
  const text = `an older klinic carried the plan out and did not write down who led ${some(keys)} before: the first replica will lead`
  return finding('LEADERS_NOT_RECORDED', text, keys)
}

function notPreferred(keys: readonly string[]): Finding {
  const text = `the leader of ${some(keys)} was not the first of its list: it is brought back, and stays until the preferred leader is elected, which brokers with auto.leader.rebalance.enable do by themselves`
  return finding('LEADER_NOT_PREFERRED', text, keys)
}

const SHOWN = 3

function some(keys: readonly string[]): string {
  const more = keys.length - SHOWN
  return `${keys.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function finding(code: string, message: string, partitions: readonly string[]): Finding {
  const subject =
    partitions.length === 1 ? (partitions[0] ?? '') : `${partitions.length} partitions`
  return { code, severity: 'warning', subject, message, nextSteps: [], partitions }
}
