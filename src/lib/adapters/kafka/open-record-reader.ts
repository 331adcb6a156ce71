import type { KafkaConnection } from '../../ports/connection.js'
import type { RecordReader } from '../../ports/record-log.js'
import { openKafkaPool } from './pool/kafka-pool.js'
import { readRecords } from './records/read-records.js'

/** Opens a reader of topics; connects when first used. Throws an OperatorError for settings that cannot be used. */
export function openRecordReader(connection: KafkaConnection): Promise<RecordReader> {
  const pool = openKafkaPool(connection)
  return Promise.resolve({
    readRecords: (request, onRecord) => readRecords(pool, request, onRecord),
    close: () => pool.close(),
  })
}
