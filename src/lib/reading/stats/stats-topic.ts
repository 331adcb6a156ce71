import { OperatorError } from '../../errors/operator-error.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import type { LiveBroker, NewTopic } from '../../model/own-topic.js'
import { ownTopic } from '../../model/own-topic.js'
import type { ClusterWriter } from '../../ports/cluster-writer.js'

const RETENTION_MS = 3 * 24 * 3_600_000
const PARTITIONS = 3

/** Settings of the stats topic on a cluster of these brokers: three days, as safe as the cluster allows. */
export function statsTopicOn(name: string, brokers: readonly LiveBroker[]): NewTopic {
  const configs = {
    'cleanup.policy': 'delete',
    'retention.ms': String(RETENTION_MS),
    'segment.ms': String(6 * 3_600_000),
    'message.timestamp.type': 'CreateTime',
  }
  return ownTopic({ name, partitions: PARTITIONS, configs }, brokers)
}

/** Creates the stats topic unless it is there; true when it was created. Throws OperatorError when refused. */
export async function ensureStatsTopic(
  reader: ClusterReader,
  writer: ClusterWriter,
  name: string,
): Promise<boolean> {
  const { brokers, topics } = await reader.readMetadata()
  if (topics.some((topic) => topic.name === name)) return false
  const outcome = await writer.createTopic(statsTopicOn(name, brokers))
  if (outcome.status === 'ok') return true
  if (outcome.status === 'refused' && outcome.code === 'TOPIC_ALREADY_EXISTS') return false
  const denied = outcome.status === 'refused' && outcome.code.includes('AUTHORIZATION')
  throw new OperatorError({
    code: 'STATS_TOPIC_NOT_CREATED',
    message: `topic ${name} could not be created: ${outcome.message}`,
    nextSteps: [`Create topic ${name} by hand, or grant Create on it, then run again.`],
    exit: denied ? 'notAuthorised' : 'failed',
  })
}
