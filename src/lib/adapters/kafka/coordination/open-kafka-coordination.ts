import type { Clock } from '../../../ports/clock.js'
import type { KafkaConnection } from '../../../ports/connection.js'
import type { Coordination, ProcessWitness, StateReader } from '../../../ports/coordination.js'
import { openKafkaPool } from '../pool/kafka-pool.js'
import { GroupLock } from './group-lock.js'
import { openStateTopic } from './state-topic.js'

/** Where lock and state are. */
export interface KafkaCoordinationParts {
  /** The cluster itself: the lock is there, whoever keeps the state. */
  readonly connection: KafkaConnection
  /** The cluster that keeps our topics: often the same. */
  readonly stateConnection: KafkaConnection
  readonly stateTopic: string
  readonly clusterId: string
  readonly clock: Clock
  readonly witness: ProcessWitness
}

/** Coordination on Kafka alone; connects when first used. */
export function openKafkaCoordination(parts: KafkaCoordinationParts): Coordination {
  const { clusterId, clock, witness, stateTopic: topic } = parts
  const pool = openKafkaPool(parts.connection)
  const statePool =
    parts.stateConnection === parts.connection ? pool : openKafkaPool(parts.stateConnection)
  const lock = new GroupLock({ pool, clusterId, clock, witness })
  return {
    holder: () => lock.holder(),
    lock: (holder) => lock.take(holder),
    breakLock: () => lock.break(),
    state: openStateTopic({ pool: statePool, topic, clusterId, clock }),
    close: async () => {
      await Promise.all([pool.close(), statePool.close()])
    },
  }
}

/** The readable side of the state alone, for commands that never write. */
export function openStateReader(
  connection: KafkaConnection,
  place: { readonly topic: string; readonly clusterId: string; readonly clock: Clock },
): StateReader & { close(): Promise<void> } {
  const pool = openKafkaPool(connection)
  const state = openStateTopic({ pool, ...place })
  return { read: () => state.read(), close: () => pool.close() }
}
