import type { QuorumState } from '../../ports/cluster-reader.js'
import type { GateWait } from './judge-gate.js'

/** Records that a voter may be behind the leader and still count: metadata is written all the time. */
const CAUGHT_UP_RECORDS = 1_000

/**
 * May these nodes stop, as voters of the KRaft quorum? A majority of all voters must remain that is caught up (KIP-595). With
 * a single voter there is no choice. Nodes that are no voters never matter here.
 */
export function judgeQuorum(
  quorum: QuorumState | null,
  nextStop: ReadonlySet<number>,
): readonly GateWait[] {
  if (quorum === null || quorum.voters.length <= 1) return []
  const stopping = quorum.voters.filter((voter) => nextStop.has(voter.id))
  if (stopping.length === 0) return []
  const end = Math.max(...quorum.voters.map((voter) => voter.logEndOffset))
  const remaining = quorum.voters.filter(
    (voter) => !nextStop.has(voter.id) && end - voter.logEndOffset <= CAUGHT_UP_RECORDS,
  )
  const needed = Math.floor(quorum.voters.length / 2) + 1
  if (remaining.length >= needed) return []
  const text = `would leave ${remaining.length} of ${quorum.voters.length} voters caught up, ${needed} are needed`
  return [
    { rule: 'QUORUM', subject: `stopping ${stopping.map((voter) => voter.id).join(', ')}`, text },
  ]
}
