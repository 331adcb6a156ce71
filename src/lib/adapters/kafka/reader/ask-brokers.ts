import pLimit from 'p-limit'

import type { BrokerAnswer } from '../../../ports/cluster-reader.js'
import { toBrokerFailure } from '../pool/broker-request-error.js'

/** So many brokers are asked at the same time. */
const PARALLEL = 16

/**
 * Asks each broker; one that does not answer is a failure of its own and keeps nobody else waiting. `onAnswer` learns of
 * each answer when it comes.
 */
export async function askBrokers<T>(
  brokerIds: readonly number[],
  ask: (brokerId: number) => Promise<T>,
  onAnswer: (brokerId: number) => void = () => undefined,
): Promise<BrokerAnswer<T>[]> {
  const limit = pLimit(PARALLEL)
  return Promise.all(
    brokerIds.map((brokerId) =>
      limit(async (): Promise<BrokerAnswer<T>> => {
        try {
          const value = await ask(brokerId)
          onAnswer(brokerId)
          return { brokerId, ok: true, value }
        } catch (error) {
          return { brokerId, ok: false, failure: toBrokerFailure(error) }
        }
      }),
    ),
  )
}
