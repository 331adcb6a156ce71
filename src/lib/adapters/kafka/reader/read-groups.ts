import type { BrokerAnswer, GroupSummary } from '../../../ports/cluster-reader.js'
import { BrokerRequestError } from '../pool/broker-request-error.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import { listGroups } from '../protocol/apis/list-groups.js'
import { errorName } from '../protocol/error-names.js'
import { askBrokers } from './ask-brokers.js'

/** The groups that each broker coordinates, by that broker's own word. */
export async function readGroups(pool: KafkaPool): Promise<BrokerAnswer<GroupSummary[]>[]> {
  const { brokers } = await pool.cluster()
  const ids = [...brokers.keys()].toSorted((a, b) => a - b)
  return askBrokers(ids, async (brokerId) => {
    const { errorCode, groups } = await pool.request({ brokerId }, listGroups, {})
    if (errorCode !== 0) {
      const code = errorName(errorCode)
      const message = `broker ${brokerId} does not list its groups (${code})`
      throw new BrokerRequestError({ code, message, sent: true })
    }
    return groups.map(({ groupId, protocolType, groupState }) => ({
      groupId,
      protocolType,
      state: groupState,
    }))
  })
}
