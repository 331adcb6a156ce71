import type { BatchCandidate } from './roll-batches.js'
import type { RollConflicts } from './roll-conflicts.js'

type Neighbours = ReadonlyMap<number, ReadonlySet<number>>

/** Pairs of brokers that can never be down together: they share a partition that can spare one in-sync replica only. */
function findPairs({ partitionsOf, allowance }: RollConflicts): Neighbours {
  const holders = allowance.map((): number[] => [])
  for (const [broker, indexes] of partitionsOf)
    for (const index of indexes) holders[index]?.push(broker)
  const pairs = new Map([...partitionsOf.keys()].map((id) => [id, new Set<number>()]))
  for (const [index, brokers] of holders.entries()) {
    if ((allowance[index] ?? 1) > 1) continue
    for (const one of brokers)
      for (const other of brokers) if (one !== other) pairs.get(one)?.add(other)
  }
  return pairs
}

/** Size of a set of brokers no two of which may be down together, grown from one broker by whoever leaves most others open. */
function growClique(first: number, pairs: Neighbours, members: ReadonlySet<number>): number {
  let open = [...(pairs.get(first) ?? [])].filter((id) => members.has(id))
  let size = 1
  while (open.length > 0) {
    const inOpen = new Set(open)
    const degree = (id: number): number =>
      [...(pairs.get(id) ?? [])].filter((other) => inOpen.has(other)).length
    const [next] = open
      .map((id) => ({ id, degree: degree(id) }))
      .toSorted((a, b) => b.degree - a.degree || a.id - b.id)
    if (next === undefined) break
    open = open.filter((id) => pairs.get(next.id)?.has(id) === true)
    size++
  }
  return size
}

/** Brokers from which cliques are grown: more find little more, and a plan of 200 brokers has to stay quick. */
const STARTS = 12

function largestClique(members: ReadonlySet<number>, pairs: Neighbours): number {
  const degree = (id: number): number => pairs.get(id)?.size ?? 0
  const starts = [...members].toSorted((a, b) => degree(b) - degree(a) || a - b).slice(0, STARTS)
  return Math.max(0, ...starts.map((id) => growClique(id, pairs, members)))
}

/** The most batches that one partition needs: of its holders among `members`, so many may be down together. */
function neededByPartition(members: ReadonlySet<number>, conflicts: RollConflicts): number {
  const held = new Map<number, number>()
  for (const id of members)
    for (const index of conflicts.partitionsOf.get(id) ?? [])
      held.set(index, (held.get(index) ?? 0) + 1)
  return [...held].reduce(
    (most, [index, count]) => Math.max(most, Math.ceil(count / (conflicts.allowance[index] ?? 1))),
    0,
  )
}

/**
 * A proven lower bound of the number of batches. Batches never cross groups (racks), so what each group needs adds up: of n
 * brokers with at most c together n/c, as many as brokers no two of which may be down together, and for a partition with h
 * holders of which a may be down h/a.
 */
export function lowerBoundOfBatches(
  candidates: readonly BatchCandidate[],
  conflicts: RollConflicts,
  maxTogether: number,
): number {
  const pairs = findPairs(conflicts)
  const groups = new Map<string, Set<number>>()
  for (const { id, group } of candidates)
    groups.set(group, (groups.get(group) ?? new Set<number>()).add(id))
  return [...groups.values()].reduce((sum, members) => {
    const bySize = Math.ceil(members.size / Math.max(1, maxTogether))
    const byPartition = neededByPartition(members, conflicts)
    return sum + Math.max(bySize, byPartition, largestClique(members, pairs))
  }, 0)
}
