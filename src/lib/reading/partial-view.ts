import type { PartialView } from '../model/snapshot.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import type { ClusterMetadata, ClusterReader } from '../ports/cluster-reader.js'
import { attempt } from './attempt.js'
import type { DiskView } from './log-dirs.js'

const EXAMPLES = 5
/** KRaft's own log: on disk, and never in Metadata. */
const METADATA_LOG = '__cluster_metadata-0'

/** As {@link findHiddenPartitions}, asking Metadata again first: a topic may have been created just now. */
export async function confirmPartialView(
  reader: ClusterReader,
  metadata: ClusterMetadata,
  disks: DiskView,
): Promise<PartialView | null> {
  const found = findHiddenPartitions(metadata, disks)
  if (found === null) return null
  const again = await attempt('metadata', 'cluster', reader.readMetadata())
  return again.ok ? findHiddenPartitions(again.value, disks) : found
}

/**
 * Partitions that brokers hold on disk and Metadata does not name. Metadata leaves out, without an error, the topics
 * that our principal may not describe; DescribeLogDirs (Describe on the cluster) lists them all.
 */
export function findHiddenPartitions(
  metadata: ClusterMetadata,
  disks: DiskView,
): PartialView | null {
  const visible = new Set<string>()
  for (const topic of metadata.topics)
    for (const partition of topic.partitions)
      visible.add(topicPartitionKey(topic.name, partition.id))
  const hidden = [...disks.replicas.keys()]
    .filter((key) => key !== METADATA_LOG && !visible.has(key))
    .sort()
  if (hidden.length === 0) return null
  return { hiddenPartitions: hidden.length, examples: hidden.slice(0, EXAMPLES) }
}
