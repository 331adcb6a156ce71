import type { RollConflicts } from './roll-conflicts.js'

/** A broker to be placed in a batch. `group` is its rack when batches must stay within one rack, else the same for all. */
export interface BatchCandidate {
  readonly id: number
  readonly group: string
}

interface OpenBatch {
  readonly group: string
  readonly ids: number[]
  readonly stopped: Map<number, number>
}

function fits(batch: OpenBatch, candidate: BatchCandidate, conflicts: RollConflicts): boolean {
  if (batch.group !== candidate.group) return false
  const indexes = conflicts.partitionsOf.get(candidate.id) ?? []
  return indexes.every(
    (index) => (batch.stopped.get(index) ?? 0) < (conflicts.allowance[index] ?? 1),
  )
}

function add(batch: OpenBatch, candidate: BatchCandidate, conflicts: RollConflicts): void {
  batch.ids.push(candidate.id)
  for (const index of conflicts.partitionsOf.get(candidate.id) ?? []) {
    batch.stopped.set(index, (batch.stopped.get(index) ?? 0) + 1)
  }
}

/** First fit in the order given: deterministic, and each batch satisfies every counting rule. */
function packInOrder(
  candidates: readonly BatchCandidate[],
  conflicts: RollConflicts,
  maxTogether: number,
): readonly (readonly number[])[] {
  const open: OpenBatch[] = []
  for (const candidate of candidates) {
    const home = open.find(
      (batch) => batch.ids.length < maxTogether && fits(batch, candidate, conflicts),
    )
    const batch = home ?? { group: candidate.group, ids: [], stopped: new Map<number, number>() }
    add(batch, candidate, conflicts)
    if (home === undefined) open.push(batch)
  }
  return open.map((batch) => batch.ids)
}

const ROUNDS = 24

/**
 * Repacks the batches of an earlier round whole, in another order. Grouped first fit never needs more batches than the
 * packing that it starts from (Culberson's iterated greedy), so rounds only improve.
 */
function reorder(
  batches: readonly (readonly number[])[],
  round: number,
): readonly (readonly number[])[] {
  const bySize = batches.toSorted((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))
  switch (round % 3) {
    case 0:
      return bySize.toReversed()
    case 1:
      return batches.toReversed()
    default:
      return bySize
  }
}

/**
 * Splits brokers into few batches so that no partition loses more in-sync replicas at once than its rule allows and no
 * batch has more than `maxTogether` brokers. The most constrained broker goes first; ties go by id.
 */
export function packBatches(
  candidates: readonly BatchCandidate[],
  conflicts: RollConflicts,
  maxTogether: number,
): readonly (readonly number[])[] {
  const degree = (id: number): number => conflicts.partitionsOf.get(id)?.length ?? 0
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]))
  const first = candidates.toSorted((a, b) => degree(b.id) - degree(a.id) || a.id - b.id)
  let best = packInOrder(first, conflicts, maxTogether)
  let current = best
  for (let round = 0; round < ROUNDS; round++) {
    const order = reorder(current, round)
      .flat()
      .flatMap((id) => byId.get(id) ?? [])
    current = packInOrder(order, conflicts, maxTogether)
    if (current.length < best.length) best = current
  }
  return best.map((batch) => batch.toSorted((a, b) => a - b))
}
