import { baseReplicas } from '../../model/partition-state.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Finding } from '../../plan/plan.js'
import type { RollPolicy } from './roll-policy.js'

const NAMED = 5

/** Topics that have too few replicas for the margin: they are judged without it, and the operator is told. */
export function findWithoutMargin(
  { topics }: Snapshot,
  { isrMargin }: RollPolicy,
): readonly Finding[] {
  if (isrMargin === 0) return []
  const names = topics
    .filter(({ minInsyncReplicas = 1, partitions }) =>
      partitions.some((partition) => {
        const count = baseReplicas(partition).length
        return count > minInsyncReplicas && count <= minInsyncReplicas + isrMargin
      }),
    )
    .map(({ name }) => name)
    .toSorted()
  if (names.length === 0) return []
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  const message = `${names.slice(0, NAMED).join(', ')}${more} have too few replicas for ${isrMargin} above min.insync.replicas: judged without the margin`
  return [
    {
      code: 'MARGIN_OUT_OF_REACH',
      severity: 'warning',
      subject: 'cluster',
      message,
      nextSteps: ['raise their replication factor', 'or leave --isr-margin out'],
    },
  ]
}
