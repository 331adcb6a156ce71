import {
  FINE,
  refused,
  type Candidate,
  type PlacementContext,
  type PlacementRule,
  type RackPolicy,
  type Verdict,
} from './placement-rule.js'

function countRacks(
  list: readonly number[],
  context: PlacementContext,
): ReadonlyMap<string, number> {
  const held = new Map<string, number>()
  for (const id of list) {
    const rack = context.rackOf(id)
    held.set(rack, (held.get(rack) ?? 0) + 1)
  }
  return held
}

const after = ({ replicas, leaving, to }: Candidate): readonly number[] => [
  ...replicas.filter((id) => id !== leaving),
  to,
]

function spread(candidate: Candidate, context: PlacementContext): Verdict {
  const before = countRacks(candidate.replicas, context).size
  const racks = countRacks(after(candidate), context).size
  if (racks >= before) return FINE
  const rack = context.rackOf(candidate.to)
  return refused(
    'FEWER_RACKS',
    `with broker ${candidate.to} (${rack}) the partition would be on ${racks} racks instead of ${before}`,
    '--rack-policy even',
  )
}

function atMost(candidate: Candidate, context: PlacementContext, most: number): Verdict {
  const rack = context.rackOf(candidate.to)
  const sharing = countRacks(after(candidate), context).get(rack) ?? 0
  if (sharing <= most) return FINE
  return refused(
    'RACK_TAKEN',
    `${rack} would hold ${sharing} replicas of the partition, ${most} allowed`,
    '--rack-policy',
  )
}

const POLICIES: Readonly<Record<RackPolicy, (c: Candidate, x: PlacementContext) => Verdict>> = {
  spread,
  strict: (candidate, context) => atMost(candidate, context, 1),
  even: (candidate, context) =>
    atMost(
      candidate,
      context,
      Math.ceil(after(candidate).length / Math.max(1, context.racksAlive)),
    ),
  'same-rack': ({ leaving, to }, context) =>
    leaving === null || context.rackOf(leaving) === context.rackOf(to)
      ? FINE
      : refused(
          'OTHER_RACK',
          `broker ${to} is in ${context.rackOf(to)}, the replica comes from ${context.rackOf(leaving)}`,
          '--rack-policy',
        ),
}

/**
 * Racks as the policy wants them: `spread` never fewer racks than before; `strict` one replica a rack; `even` no more in
 * a rack than an even split gives; `same-rack` in the rack that the replica leaves.
 */
export const racksKept: PlacementRule = {
  code: 'RACKS',
  check: (candidate, context) => POLICIES[context.rackPolicy](candidate, context),
}
