import type { BrokerAnswer, BrokerLogDir } from '../../../ports/cluster-reader.js'
import { BrokerRequestError } from '../pool/broker-request-error.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import type { LogDirResult } from '../protocol/apis/describe-log-dirs.js'
import { describeLogDirs } from '../protocol/apis/describe-log-dirs.js'
import { errorName, errorNameOrNone } from '../protocol/error-names.js'
import { askBrokers } from './ask-brokers.js'

/** The log directories of each broker, from that broker itself. */
export function readLogDirs(
  pool: KafkaPool,
  brokerIds: readonly number[],
  onAnswer?: (brokerId: number) => void,
): Promise<BrokerAnswer<BrokerLogDir[]>[]> {
  const ask = async (brokerId: number): Promise<BrokerLogDir[]> => {
    const { errorCode, results } = await pool.request({ brokerId }, describeLogDirs, {})
    if (errorCode !== 0) throw refused(brokerId, errorName(errorCode))
    // Before Kafka 3.2 a missing right shows as an empty list: every broker has a log directory.
    if (results.length === 0) throw refused(brokerId, 'CLUSTER_AUTHORIZATION_FAILED')
    return results.map(toLogDir)
  }
  return askBrokers(brokerIds, ask, onAnswer)
}

function refused(brokerId: number, code: string): BrokerRequestError {
  const message = `broker ${brokerId} does not tell its log directories (${code})`
  return new BrokerRequestError({ code, message, sent: true })
}

function toLogDir(result: LogDirResult): BrokerLogDir {
  const error = errorNameOrNone(result.errorCode)
  return {
    path: result.logDir,
    ...(error === undefined ? {} : { error }),
    ...(result.totalBytes < 0 ? {} : { totalBytes: result.totalBytes }),
    ...(result.usableBytes < 0 ? {} : { usableBytes: result.usableBytes }),
    replicas: result.topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({
        topic: name,
        partition: partition.partitionIndex,
        sizeBytes: partition.partitionSize,
        offsetLag: partition.offsetLag,
        future: partition.isFutureKey,
      })),
    ),
  }
}
