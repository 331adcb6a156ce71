import {
  alive,
  amongTargets,
  notDraining,
  notExcluded,
  notHeldAlready,
  notInFlight,
  topicIncluded,
} from './broker-rules.js'
import { capacityRules, logDirHasRoom } from './capacity-rules.js'
import type { Candidate, PlacementContext, PlacementRule, Verdict } from './placement-rule.js'
import { racksKept } from './rack-rules.js'

/** All rules, in the order in which refusals are told. */
export const PLACEMENT_RULES: readonly PlacementRule[] = [
  topicIncluded,
  notInFlight,
  alive,
  notDraining,
  notExcluded,
  amongTargets,
  notHeldAlready,
  racksKept,
  ...capacityRules,
  logDirHasRoom,
]

/** Every rule that refuses a candidate, not just the first; none means that the placement is allowed. */
export function judgePlacement(
  candidate: Candidate,
  context: PlacementContext,
  rules: readonly PlacementRule[] = PLACEMENT_RULES,
): readonly Extract<Verdict, { ok: false }>[] {
  return rules.flatMap((rule) => {
    const verdict = rule.check(candidate, context)
    return verdict.ok ? [] : [verdict]
  })
}
