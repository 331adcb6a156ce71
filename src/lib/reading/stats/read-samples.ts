import type { RecordReader } from '../../ports/record-log.js'
import type { BrokerSample } from '../../traffic/sample.js'
import type { SampleCodec, SkipReason } from './codec/sample-codec.js'

/** What was found in a stats topic. */
export interface SampleCount {
  readonly samples: number
  readonly otherClusters: number
  /** Partitions of the stats topic that could not be read. */
  readonly unreadPartitions: number
  /** Records that are no samples of ours, by reason. */
  readonly skipped: Readonly<Record<SkipReason, number>>
}

/** Which samples to read. */
export interface SampleRequest {
  readonly topic: string
  /** Samples whose interval ended at this time or later. */
  readonly fromMs: number
  readonly toMs: number
  /** Absent: every cluster. */
  readonly clusterId?: string
  readonly signal?: AbortSignal
}

/**
 * Hands every sample of a cluster in a time to `onSample`, in no particular order across brokers, perhaps twice. What
 * cannot be decoded is counted and skipped. A topic without such samples is no error; a missing topic is.
 */
export async function readSamples(
  reader: RecordReader,
  codec: SampleCodec,
  request: SampleRequest,
  onSample: (sample: BrokerSample) => void,
): Promise<SampleCount> {
  const { topic, fromMs, toMs, clusterId, signal } = request
  const skipped = { 'not-a-sample': 0, 'unknown-schema': 0, corrupt: 0 }
  let samples = 0
  let otherClusters = 0
  const { unread } = await reader.readRecords(
    { topic, fromMs, ...(signal && { signal }) },
    ({ value }) => {
      const decoded = codec.decode(value ?? new Uint8Array())
      if (!decoded.ok) {
        skipped[decoded.reason] += 1
        return
      }
      const { sample } = decoded
      if (clusterId !== undefined && sample.clusterId !== clusterId) otherClusters += 1
      else if (sample.toMs >= fromMs && sample.toMs <= toMs) {
        samples += 1
        onSample(sample)
      }
    },
  )
  return { samples, otherClusters, unreadPartitions: unread?.length ?? 0, skipped }
}
