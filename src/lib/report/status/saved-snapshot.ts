import type { Snapshot } from '../../model/snapshot.js'
import { describeSickness } from '../../health/describe-sickness.js'
import { count } from '../../health/wording.js'

/** What `snapshot save --output FILE --json` prints. */
export interface SavedSnapshot {
  readonly file: string
  readonly cluster: Snapshot['cluster']
  readonly capturedAt: string
  readonly brokers: number
  readonly topics: number
  readonly partitions: number
  readonly withTraffic: boolean
  /** Partitions without a leader or with too few replicas in sync, one sentence each. */
  readonly sick: readonly string[]
  readonly warnings: readonly string[]
}

/** What was saved, in figures. */
export function describeSaved(file: string, snapshot: Snapshot): SavedSnapshot {
  const { cluster, capturedAt, brokers, topics } = snapshot
  return {
    file,
    cluster,
    capturedAt,
    brokers: brokers.length,
    topics: topics.length,
    partitions: topics.reduce((sum, topic) => sum + topic.partitions.length, 0),
    withTraffic: snapshot.traffic !== undefined,
    sick: describeSickness(snapshot),
    warnings: snapshot.warnings ?? [],
  }
}

/** The same as one line. */
export function renderSaved(saved: SavedSnapshot): string {
  const figures = [
    count(saved.brokers, 'broker'),
    count(saved.topics, 'topic'),
    count(saved.partitions, 'partition'),
  ].join(', ')
  const traffic = saved.withTraffic ? 'with traffic' : 'without traffic'
  return `Saved ${saved.file}: cluster ${saved.cluster.id}, ${figures}, ${traffic}`
}
