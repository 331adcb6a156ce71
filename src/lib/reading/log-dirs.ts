import { topicPartitionKey } from '../model/topic-partition.js'
import type { LogDir, UnreadPart } from '../model/snapshot.js'
import type { BrokerAnswer, BrokerLogDir } from '../ports/cluster-reader.js'

/** One replica as its broker finds it on disk. */
export interface ReplicaOnDisk {
  readonly sizeBytes: number
  readonly path: string
}

/** What all brokers said of their log directories, indexed for joining with Metadata. */
export interface DiskView {
  readonly logDirs: ReadonlyMap<number, readonly LogDir[]>
  /** By partition key, then by broker id. */
  readonly replicas: ReadonlyMap<string, ReadonlyMap<number, ReplicaOnDisk>>
  /** Registered brokers that did not answer, with the reason. */
  readonly unreachable: ReadonlyMap<number, string>
  readonly unread: readonly UnreadPart[]
}

const SILENT_CODES: ReadonlySet<string> = new Set(['UNREACHABLE', 'TIMED_OUT'])

/** Indexes the answers of DescribeLogDirs. No directory at all is how old brokers say "not authorised". */
export function indexLogDirs(answers: readonly BrokerAnswer<readonly BrokerLogDir[]>[]): DiskView {
  const logDirs = new Map<number, readonly LogDir[]>()
  const replicas = new Map<string, Map<number, ReplicaOnDisk>>()
  const unreachable = new Map<number, string>()
  const unread: UnreadPart[] = []
  for (const answer of answers) {
    const id = answer.brokerId
    if (!answer.ok) {
      if (SILENT_CODES.has(answer.failure.code)) unreachable.set(id, answer.failure.code)
      unread.push(unreadLogDirs(id, answer.failure.code, answer.failure.message))
    } else if (answer.value.length === 0) {
      const message = `broker ${id} named no log directory: our principal probably lacks Describe on the cluster`
      unread.push(unreadLogDirs(id, 'NOT_AUTHORISED', message))
    } else {
      logDirs.set(id, answer.value.map(withoutReplicas))
      for (const dir of answer.value) indexReplicas(replicas, id, dir)
    }
  }
  return { logDirs, replicas, unreachable, unread }
}

const unreadLogDirs = (id: number, code: string, message: string): UnreadPart => ({
  part: 'log dirs',
  subject: `broker ${id}`,
  code,
  message,
})

function withoutReplicas(dir: BrokerLogDir): LogDir {
  return {
    path: dir.path,
    ...(dir.totalBytes !== undefined && { totalBytes: dir.totalBytes }),
    ...(dir.usableBytes !== undefined && { usableBytes: dir.usableBytes }),
    ...(dir.error !== undefined && { error: dir.error }),
  }
}

function indexReplicas(
  index: Map<string, Map<number, ReplicaOnDisk>>,
  brokerId: number,
  dir: BrokerLogDir,
): void {
  for (const replica of dir.replicas) {
    if (replica.future) continue
    const key = topicPartitionKey(replica.topic, replica.partition)
    const byBroker = index.get(key) ?? new Map<number, ReplicaOnDisk>()
    byBroker.set(brokerId, { sizeBytes: replica.sizeBytes, path: dir.path })
    index.set(key, byBroker)
  }
}
