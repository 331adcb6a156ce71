import type { QuorumState, QuorumVoter } from '../../../ports/cluster-reader.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import type { QuorumNode, QuorumReplica } from '../protocol/apis/describe-quorum.js'
import { describeQuorum } from '../protocol/apis/describe-quorum.js'
import { refusedByKafka } from './refused-by-kafka.js'

const METADATA_QUORUM = {
  topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
}

/** The KRaft quorum as its leader sees it; null with ZooKeeper. Throws an OperatorError when it is not to be had. */
export async function readQuorum(pool: KafkaPool): Promise<QuorumState | null> {
  const { mode } = await pool.cluster()
  if (mode === 'zookeeper') return null
  const { response } = await pool.read(describeQuorum, METADATA_QUORUM)
  const partition = response.topics[0]?.partitions[0]
  const errorCode = response.errorCode === 0 ? (partition?.errorCode ?? 0) : response.errorCode
  if (errorCode !== 0 || partition === undefined) {
    throw refusedByKafka('describe the quorum', errorCode)
  }
  const { leaderId, leaderEpoch, currentVoters, observers } = partition
  return {
    leaderId,
    leaderEpoch,
    voters: currentVoters.map(toReplica),
    observers: observers.map(toReplica),
    ...(response.nodes === undefined ? {} : { nodes: response.nodes.flatMap(toNode) }),
  }
}

function toReplica(replica: QuorumReplica): QuorumVoter {
  const { replicaId, logEndOffset, lastCaughtUpTimestamp = -1 } = replica
  const caughtUp = lastCaughtUpTimestamp < 0 ? {} : { lastCaughtUpMs: lastCaughtUpTimestamp }
  return { id: replicaId, logEndOffset, ...caughtUp }
}

function toNode({ nodeId, listeners }: QuorumNode): readonly { id: number; host: string }[] {
  const [first] = listeners
  return first === undefined ? [] : [{ id: nodeId, host: first.host }]
}
