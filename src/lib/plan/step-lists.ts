import type { PartitionStep, Plan, Step } from './plan.js'

/** The replica list that a step expects to find. */
export function listBefore(step: PartitionStep): readonly number[] {
  return step.type === 'reassign' ? step.from : step.replicas
}

/** The replica list that a step leaves behind; a leader step moves its leader to the front. */
export function listAfter(step: PartitionStep): readonly number[] {
  if (step.type === 'reassign') return step.to
  return [step.to, ...step.replicas.filter((replica) => replica !== step.to)]
}

/** Who leads once a step is done: the first of its list, or the one that it keeps; undefined for an empty list. */
export function leaderAfter(step: PartitionStep): number | undefined {
  return (step.type === 'reassign' ? step.leader : undefined) ?? listAfter(step)[0]
}

/** Replicas that a step creates: the ones whose data has to be copied. */
export function newReplicas(step: PartitionStep): readonly number[] {
  if (step.type === 'leader') return []
  return step.to.filter((replica) => !step.from.includes(replica))
}

/** Whether both lists hold the same replicas in the same order. */
export function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((replica, index) => replica === b[index])
}

/** The steps that change a partition, in the order of the plan. */
export function partitionSteps(steps: readonly Step[]): readonly PartitionStep[] {
  return steps.filter((step) => step.type !== 'restart')
}

/** The partition steps of a plan; see {@link partitionSteps}. */
export function stepsOf(plan: Plan): readonly PartitionStep[] {
  return partitionSteps(plan.steps)
}
