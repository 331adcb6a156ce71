import { topicPartitionKey } from '../model/topic-partition.js'
import type { PartitionStep, Plan, RestartStep } from './plan.js'
import { leaderAfter, listAfter, listBefore, sameList, stepsOf } from './step-lists.js'

/** Where a plan takes one partition. */
export interface PlannedList {
  readonly subject: string
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** Who leads at the end, where that is not the first of `to`. */
  readonly leader?: number
  readonly bytesToMove: number
}

/** A partition that both plans change, to different lists or leaders, or from different ones. */
export interface ListDifference {
  readonly subject: string
  readonly a: PlannedList
  readonly b: PlannedList
}

/** How two plans differ: by partition, and in the figures. */
export interface PlanDiff {
  readonly a: string
  readonly b: string
  readonly sameCluster: boolean
  readonly onlyInA: readonly PlannedList[]
  readonly onlyInB: readonly PlannedList[]
  readonly different: readonly ListDifference[]
  /** Partitions that both take from and to the same lists, with the same leader. */
  readonly same: number
  /** Brokers whose batch in a roll plan differs, as sentences. */
  readonly restarts: readonly string[]
  readonly figures: readonly { readonly figure: string; readonly a: number; readonly b: number }[]
}

function plannedLists(plan: Plan): ReadonlyMap<string, PlannedList> {
  const lists = new Map<string, PlannedList>()
  const add = (step: PartitionStep): void => {
    const subject = topicPartitionKey(step.topic, step.partition)
    const earlier = lists.get(subject)
    const to = listAfter(step)
    const leader = leaderAfter(step)
    lists.set(subject, {
      subject,
      from: earlier?.from ?? listBefore(step),
      to,
      ...(leader !== undefined && leader !== to[0] && { leader }),
      bytesToMove: (earlier?.bytesToMove ?? 0) + step.bytesToMove,
    })
  }
  stepsOf(plan).forEach(add)
  return lists
}

const isSame = (a: PlannedList, b: PlannedList): boolean =>
  sameList(a.from, b.from) && sameList(a.to, b.to) && a.leader === b.leader

function compareRestarts(a: Plan, b: Plan): readonly string[] {
  const batches = (plan: Plan): ReadonlyMap<number, number> =>
    new Map(
      plan.steps
        .filter((step): step is RestartStep => step.type === 'restart')
        .map((step) => [step.broker, step.batch]),
    )
  const [inA, inB] = [batches(a), batches(b)]
  const place = (batch: number | undefined): string =>
    batch === undefined ? 'not restarted' : `batch ${batch}`
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .toSorted((x, y) => x - y)
    .filter((broker) => inA.get(broker) !== inB.get(broker))
    .map((broker) => `broker ${broker}: ${place(inA.get(broker))} -> ${place(inB.get(broker))}`)
}

function compareFigures(a: Plan, b: Plan): PlanDiff['figures'] {
  const names = ['replicaMoves', 'leaderMoves', 'bytesToMove'] as const
  return names.map((figure) => ({ figure, a: a.summary[figure], b: b.summary[figure] }))
}

/** Compares what two plans do to each partition, whatever the order or wording of their steps. */
export function diffPlans(a: Plan, b: Plan): PlanDiff {
  const [inA, inB] = [plannedLists(a), plannedLists(b)]
  const different: ListDifference[] = []
  let same = 0
  for (const [subject, listA] of inA) {
    const listB = inB.get(subject)
    if (listB === undefined) continue
    if (isSame(listA, listB)) same++
    else different.push({ subject, a: listA, b: listB })
  }
  const bySubject = (x: { subject: string }, y: { subject: string }): number =>
    x.subject < y.subject ? -1 : 1
  return {
    a: a.id,
    b: b.id,
    sameCluster: a.cluster.id === b.cluster.id,
    onlyInA: [...inA.values()].filter(({ subject }) => !inB.has(subject)).sort(bySubject),
    onlyInB: [...inB.values()].filter(({ subject }) => !inA.has(subject)).sort(bySubject),
    different: different.sort(bySubject),
    same,
    restarts: compareRestarts(a, b),
    figures: compareFigures(a, b),
  }
}

/** Whether both plans do the same. */
export function isEmptyDiff(diff: PlanDiff): boolean {
  const { onlyInA, onlyInB, different, restarts } = diff
  return onlyInA.length + onlyInB.length + different.length + restarts.length === 0
}
