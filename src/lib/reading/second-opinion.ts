import { OperatorError } from '../errors/operator-error.js'
import type { UnreadPart } from '../model/snapshot.js'
import type { Clock } from '../ports/clock.js'
import type { ClusterMetadata, ClusterReader } from '../ports/cluster-reader.js'
import { attempt } from './attempt.js'
import { mergeMetadata, type MergedMetadata } from './merge-metadata.js'

/** How long metadata may take to reach every broker before a difference counts as one. */
const PROPAGATION_MS = 400
const MAX_DIFFERENCES_NAMED = 3

/** Metadata that a second broker confirmed or completed, and what stays in doubt. */
export interface ConfirmedMetadata {
  readonly metadata: ClusterMetadata
  readonly unread: readonly UnreadPart[]
}

/**
 * Asks another broker for its view of the cluster and joins both: one broker's short or empty answer is not the truth.
 * A difference is looked at again after a moment, since metadata reaches brokers one after the other.
 */
export async function seekSecondOpinion(
  reader: ClusterReader,
  first: ClusterMetadata,
  clock: Clock,
): Promise<ConfirmedMetadata> {
  const second = secondBroker(first)
  if (second === undefined) return { metadata: first, unread: [] }
  const subject = `broker ${second}`
  const early = await attempt('metadata', subject, reader.readMetadata({ fromBroker: second }))
  if (!early.ok) return { metadata: first, unread: [early.unread] }
  requireSameCluster(first, early.value)
  const merged = mergeMetadata(first, early.value)
  if (merged.differences.length === 0) return { metadata: merged.metadata, unread: [] }
  await clock.sleep(PROPAGATION_MS)
  const late = await attempt('metadata', subject, askBoth(reader, first.answeredBy, second))
  const { metadata, differences } = late.ok ? late.value : merged
  if (differences.length === 0) return { metadata, unread: [] }
  const named = differences.slice(0, MAX_DIFFERENCES_NAMED).join('; ')
  const others = first.answeredBy === undefined ? 'another broker' : `broker ${first.answeredBy}`
  const message = `${subject} and ${others} do not agree about the cluster: ${named}`
  return { metadata, unread: [{ part: 'metadata', subject, code: 'VIEWS_DIFFER', message }] }
}

async function askBoth(
  reader: ClusterReader,
  firstBroker: number | undefined,
  secondBroker: number,
): Promise<MergedMetadata> {
  const [first, second] = await Promise.all([
    reader.readMetadata(firstBroker === undefined ? undefined : { fromBroker: firstBroker }),
    reader.readMetadata({ fromBroker: secondBroker }),
  ])
  return mergeMetadata(first, second)
}

/** With ZooKeeper the controller knows first; otherwise any broker but the one that has answered already. */
function secondBroker(first: ClusterMetadata): number | undefined {
  const others = first.brokers.map((b) => b.id).filter((id) => id !== first.answeredBy)
  return others.find((id) => id === first.controllerId) ?? others.sort((a, b) => a - b)[0]
}

function requireSameCluster(first: ClusterMetadata, second: ClusterMetadata): void {
  if (first.clusterId === second.clusterId) return
  throw new OperatorError({
    code: 'CLUSTER_ID_MISMATCH',
    message: `two brokers that name each other as peers belong to different clusters: ${first.clusterId} and ${second.clusterId}`,
    nextSteps: ['check advertised.listeners of the brokers, and the bootstrap servers'],
    exit: 'badConfig',
  })
}
