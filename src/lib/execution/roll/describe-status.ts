import type { RollState } from './roll-journal.js'
import { restartSteps } from './roll-journal.js'

/** One broker of a roll, for `roll status`. */
export interface RollBrokerStatus {
  readonly broker: number
  readonly batch: number
  readonly phase: string
  readonly mayBeDown: boolean
}

/** Where a roll stands, from its journal alone: works while the cluster is sick. */
export function describeRollStatus(state: RollState): {
  readonly planId: string
  readonly clusterId: string
  readonly startedAt: string
  readonly startedBy: string
  readonly isOver: boolean
  readonly brokers: readonly RollBrokerStatus[]
} {
  const { plan, at, actor } = state.started
  return {
    planId: plan.id,
    clusterId: plan.cluster.id,
    startedAt: at,
    startedBy: `${actor.user}@${actor.host}`,
    isOver: state.isOver,
    brokers: restartSteps(plan).map(({ broker, batch }) => ({
      broker,
      batch,
      phase: state.phases.get(broker) ?? 'waiting',
      mayBeDown: state.mayBeDown.has(broker),
    })),
  }
}
