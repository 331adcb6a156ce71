import type { KafkaConnection } from '../../ports/connection.js'
import type { RecordWriter } from '../../ports/record-log.js'
import { openKafkaPool } from './pool/kafka-pool.js'
import { appendRecords } from './records/append-records.js'

/** Opens a writer of records; connects when first used. Throws an OperatorError for settings that cannot be used. */
export function openRecordWriter(connection: KafkaConnection): Promise<RecordWriter> {
  const pool = openKafkaPool(connection)
  return Promise.resolve({
    append: (topic, records) => appendRecords(pool, topic, records),
    close: () => pool.close(),
  })
}
