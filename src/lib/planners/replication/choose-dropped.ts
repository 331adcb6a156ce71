import { inSyncReplicas } from '../../model/partition-state.js'
import type { Partition } from '../../model/snapshot.js'
import { useWith, type Ledger } from '../place/ledger.js'

/** How willingly a replica is given up; the first difference decides, higher goes first. */
function willingness(ledger: Ledger, partition: Partition, kept: readonly number[], id: number) {
  const rack = ledger.rackOf(id)
  const sharing = kept.filter((other) => ledger.rackOf(other) === rack).length
  const isr = inSyncReplicas(partition, ledger.brokers)
  return [
    ledger.brokers.get(id)?.state === 'alive' ? 0 : 1,
    isr.includes(id) ? 0 : 1,
    sharing,
    id === partition.leader ? 0 : 1,
    id === kept[0] ? 0 : 1,
    Math.max(useWith(ledger, id, 'in', 0), useWith(ledger, id, 'disk', 0)),
  ]
}

function isMoreWilling(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0
    if (value !== other) return value > other
  }
  return false
}

/**
 * Which replicas go when `count` fewer are wanted: dead ones, those out of sync, those that share a rack, never the
 * leader or the preferred one while another will do, then those on the fullest brokers.
 */
export function chooseDropped(
  ledger: Ledger,
  partition: Partition,
  list: readonly number[],
  count: number,
): readonly number[] {
  const dropped: number[] = []
  while (dropped.length < count) {
    const kept = list.filter((id) => !dropped.includes(id))
    const [first, ...others] = kept
    if (first === undefined) break
    const rank = (id: number): readonly number[] => willingness(ledger, partition, kept, id)
    dropped.push(
      others.reduce((best, id) => (isMoreWilling(rank(id), rank(best)) ? id : best), first),
    )
  }
  return dropped
}
