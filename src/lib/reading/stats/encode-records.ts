import type { NewRecord } from '../../ports/record-log.js'
import type { BrokerSample } from '../../traffic/sample.js'
import { splitSample } from '../../traffic/split-sample.js'
import type { SampleCodec } from './codec/sample-codec.js'

/** Kafka's default limit is 1,048,588 bytes for a batch; this leaves room for its framing. */
export const MAX_RECORD_BYTES = 900_000

function encodeParts(
  sample: BrokerSample,
  codec: SampleCodec,
  maxBytes: number,
): readonly Uint8Array[] {
  const whole = codec.encode(sample)
  const replicas = sample.topics.reduce((sum, topic) => sum + topic.replicas.length, 0)
  if (whole.length <= maxBytes || replicas <= 1) return [whole]
  let most = Math.max(1, Math.floor((replicas * maxBytes * 0.8) / whole.length))
  for (;;) {
    const parts = splitSample(sample, most).map((part) => codec.encode(part))
    if (most === 1 || parts.every((part) => part.length <= maxBytes)) return parts
    most = Math.ceil(most / 2)
  }
}

/**
 * The records of one collection: key `CLUSTER-ID:BROKER` (all samples of a broker in one partition, in order), time of
 * the record the end of the interval. A sample that is too large for one record becomes several.
 */
export function encodeRecords(
  samples: readonly BrokerSample[],
  codec: SampleCodec,
  maxBytes = MAX_RECORD_BYTES,
): readonly NewRecord[] {
  return samples.flatMap((sample) =>
    encodeParts(sample, codec, maxBytes).map((value) => ({
      key: Buffer.from(`${sample.clusterId}:${sample.broker.id}`),
      value,
      timestampMs: sample.toMs,
    })),
  )
}
