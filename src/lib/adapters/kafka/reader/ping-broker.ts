import type { BrokerAnswer } from '../../../ports/cluster-reader.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { metadata } from '../protocol/apis/metadata.js'
import { toBrokerFailure } from '../pool/broker-request-error.js'

/** Asks one broker for next to nothing, in spite of what is remembered of it; connecting is not part of the time. */
export async function pingBroker(
  pool: KafkaPool,
  brokerId: number,
): Promise<BrokerAnswer<{ readonly roundTripMs: number }>> {
  try {
    await pool.versionFor({ brokerId }, metadata, { fresh: true })
    const startedMs = performance.now()
    await pool.request({ brokerId }, metadata, { topics: [] }, { fresh: true })
    return { brokerId, ok: true, value: { roundTripMs: performance.now() - startedMs } }
  } catch (error) {
    return { brokerId, ok: false, failure: toBrokerFailure(error) }
  }
}
