import type { QuorumState, QuorumVoter } from '../../ports/cluster-reader.js'
import type { GateWait } from './judge-gate.js'

/** `controller.quorum.fetch.timeout.ms`: a voter that was level within this time counts (as in Strimzi). */
const CAUGHT_UP_MS = 2_000
/** Records that a voter may be behind where no times are told (before Kafka 3.3): metadata is written all the time. */
const CAUGHT_UP_RECORDS = 1_000

/** True when a voter keeps up with the leader of the quorum. */
export function isCaughtUp(quorum: QuorumState, voter: QuorumVoter): boolean {
  if (voter.id === quorum.leaderId) return true
  const leader = quorum.voters.find(({ id }) => id === quorum.leaderId)
  if (leader?.lastCaughtUpMs !== undefined && voter.lastCaughtUpMs !== undefined)
    return leader.lastCaughtUpMs - voter.lastCaughtUpMs < CAUGHT_UP_MS
  const end = Math.max(...quorum.voters.map(({ logEndOffset }) => logEndOffset))
  return end - voter.logEndOffset <= CAUGHT_UP_RECORDS
}

/** Does a controller take part in the quorum again, as its leader sees it? */
export function keepsUp(quorum: QuorumState | null | 'unknown', id: number): boolean {
  if (quorum === null || quorum === 'unknown' || quorum.leaderId < 0) return false
  const voter = quorum.voters.find((candidate) => candidate.id === id)
  return voter !== undefined && isCaughtUp(quorum, voter)
}

/**
 * May these nodes stop, as voters of the KRaft quorum? A majority of all voters must remain that is caught up (KIP-595). With
 * a single voter there is no choice. Nodes that are no voters never matter here; a quorum that nobody tells of always does.
 */
export function judgeQuorum(
  quorum: QuorumState | null | 'unknown',
  nextStop: ReadonlySet<number>,
): readonly GateWait[] {
  if (quorum === null || nextStop.size === 0) return []
  if (quorum === 'unknown' || quorum.leaderId < 0)
    return [{ rule: 'QUORUM', subject: 'the quorum', text: 'has no leader that answers' }]
  if (quorum.voters.length <= 1) return []
  const stopping = quorum.voters.filter((voter) => nextStop.has(voter.id))
  if (stopping.length === 0) return []
  const remaining = quorum.voters.filter(
    (voter) => !nextStop.has(voter.id) && isCaughtUp(quorum, voter),
  )
  const needed = Math.floor(quorum.voters.length / 2) + 1
  if (remaining.length >= needed) return []
  const text = `would leave ${remaining.length} of ${quorum.voters.length} voters caught up, ${needed} are needed`
  return [
    { rule: 'QUORUM', subject: `stopping ${stopping.map((voter) => voter.id).join(', ')}`, text },
  ]
}
