import { OperatorError } from '../../../errors/operator-error.js'
import type { ClusterReader } from '../../../ports/cluster-reader.js'
import type { LiveBroker, NewTopic } from '../../../model/own-topic.js'
import { ownTopic } from '../../../model/own-topic.js'
import type { ClusterWriter } from '../../../ports/cluster-writer.js'

const RETENTION_MS = 90 * 24 * 3_600_000

/**
 * Settings of the actions topic on a cluster of these brokers: one partition, so that there is one order of all that
 * was done; the broker's time, so that a host with a wrong clock cannot hide what it did; three months.
 */
export function actionsTopicOn(name: string, brokers: readonly LiveBroker[]): NewTopic {
  const configs = {
    'cleanup.policy': 'delete',
    'retention.ms': String(RETENTION_MS),
    'message.timestamp.type': 'LogAppendTime',
  }
  return ownTopic({ name, partitions: 1, configs }, brokers)
}

/** Creates the actions topic; one that is there already is as well. Throws OperatorError when refused. */
export async function createActionsTopic(
  reader: Pick<ClusterReader, 'readMetadata'>,
  writer: Pick<ClusterWriter, 'createTopic'>,
  name: string,
): Promise<void> {
  const { brokers } = await reader.readMetadata({ topics: [] })
  const outcome = await writer.createTopic(actionsTopicOn(name, brokers))
  if (outcome.status === 'ok') return
  if (outcome.status === 'refused' && outcome.code === 'TOPIC_ALREADY_EXISTS') return
  const isDenied = outcome.status === 'refused' && outcome.code.includes('AUTHORIZATION')
  throw new OperatorError({
    code: 'ACTIONS_TOPIC_NOT_CREATED',
    message: `topic ${name} could not be created: ${outcome.message}`,
    nextSteps: [`Create topic ${name} by hand, or grant Create on it, then run again.`],
    exit: isDenied ? 'notAuthorised' : 'failed',
  })
}
