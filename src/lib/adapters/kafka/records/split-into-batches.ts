import type { NewRecord } from '../../../ports/record-log.js'
import { partitionForKey } from './partition-for-key.js'
import type { TopicLayout } from './topic-layout.js'

/** Below `max.message.bytes` (1 MiB by default), even if the records do not compress at all. */
const BATCH_BYTES = 900_000
const RECORD_OVERHEAD_BYTES = 32

/**
 * The records by partition, in batches that a broker takes. A record without partition goes where the Java client
 * would send its key; without a key, records take turns over the partitions that have a leader.
 */
export function splitIntoBatches(
  records: readonly NewRecord[],
  layout: TopicLayout,
): Map<number, NewRecord[][]> {
  const led = [...layout].filter(([, leader]) => leader !== null).map(([partition]) => partition)
  const turns = led.length > 0 ? led : [...layout.keys()]
  const batches = new Map<number, NewRecord[][]>()
  const sizes = new Map<number, number>()
  records.forEach((record, index) => {
    const turn = turns[index % turns.length] ?? 0
    const keyed = record.key === null ? turn : partitionForKey(record.key, layout.size)
    const partition = record.partition ?? keyed
    const bytes = RECORD_OVERHEAD_BYTES + (record.key?.length ?? 0) + (record.value?.length ?? 0)
    const ofPartition = batches.get(partition) ?? []
    const last = ofPartition.at(-1)
    const size = sizes.get(partition) ?? 0
    if (last === undefined || size + bytes > BATCH_BYTES) {
      ofPartition.push([record])
      sizes.set(partition, bytes)
    } else {
      last.push(record)
      sizes.set(partition, size + bytes)
    }
    batches.set(partition, ofPartition)
  })
  return batches
}
