import type { RestartPhase } from '../../ports/journal.js'
import type { RollDeps } from '../roll/roll-deps.js'
import type { ClusterHold } from './hold-cluster.js'

/** Phases that begin with something being done to a broker that is up. One that is down is brought up, whoever has the lock. */
const BEFORE: ReadonlySet<RestartPhase> = new Set(['gate', 'pre-stop', 'stopping'])

/** The functions of a roll, with the lock proven before each stop, each hook before it, and each election. */
export function provingRoll(deps: RollDeps, hold: ClusterHold): RollDeps {
  return {
    ...deps,
    record: async (fact) => {
      if (BEFORE.has(fact.phase)) await hold.prove()
      await deps.record(fact)
    },
    electPreferred: async (partitions) => {
      await hold.prove()
      return deps.electPreferred(partitions)
    },
    reorder: async (partitions) => {
      await hold.prove()
      return deps.reorder(partitions)
    },
  }
}
