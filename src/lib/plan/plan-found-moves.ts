import { parseTopicPartition } from '../model/topic-partition.js'
import { fingerprintOfSteps, sealPlan } from './assemble-plan.js'
import type { Plan, ReassignStep } from './plan.js'
import type { MoveInFlight, ReassignStatus } from './reassign-status.js'

/**
 * Moves that were found in flight as a plan, so that they can be taken back by a journal like moves of our own. `from` is
 * what the controller lists without what is being added: the order before the move is written down nowhere.
 */
export function planFoundMoves(
  { clusterId, at }: Pick<ReassignStatus, 'clusterId' | 'at'>,
  moves: readonly MoveInFlight[],
): Plan {
  const steps = moves.flatMap(({ partition: key, from, to }, index): readonly ReassignStep[] => {
    const found = parseTopicPartition(key)
    if (found === null) return []
    const reason = { code: 'FOUND_IN_FLIGHT', text: 'in flight, and no journal explains it' }
    return [
      {
        ...{ id: index + 1, type: 'reassign', ...found, from, to, bytesToMove: 0 },
        ...(from.length !== to.length && { changesReplicationFactor: true }),
        reason,
      },
    ]
  })
  return sealPlan({
    format: 'klinic.plan/1',
    kind: 'import',
    outcome: 'changes',
    complete: true,
    createdAt: at,
    cluster: { id: clusterId, fingerprint: fingerprintOfSteps(clusterId, steps) },
    policy: { takesBack: 'moves in flight that no journal explains' },
    steps,
    deferred: [],
    findings: [],
    summary: { replicaMoves: 0, leaderMoves: 0, bytesToMove: 0, brokers: [] },
  })
}
