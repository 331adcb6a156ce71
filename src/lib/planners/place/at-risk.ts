import { targetReplicas } from '../../model/broker-load.js'
import { inSyncReplicas } from '../../model/partition-state.js'
import type { Broker, Partition } from '../../model/snapshot.js'
import type { Reason } from '../../plan/plan.js'

/** Whether a live broker that is none of `lost` holds an in-sync copy: only then a new replica has a source. */
export function hasSource(
  partition: Partition,
  brokers: ReadonlyMap<number, Broker>,
  lost: readonly number[] = [],
): boolean {
  const isLive = (id: number): boolean => (brokers.get(id)?.state ?? 'dead') !== 'dead'
  return inSyncReplicas(partition, brokers).some((id) => isLive(id) && !lost.includes(id))
}

/** Why nothing can be copied: what that means for the data, in words. */
export function describeAtRisk(partition: Partition, lost: readonly number[]): Reason {
  const names = lost.map((id) => `broker ${id}`).join(', ')
  if (targetReplicas(partition).length === 1) {
    const text = `its only copy is on ${names}: the data is unavailable until that broker returns, and lost if its disk is`
    return { code: 'ONLY_COPY_LOST', text }
  }
  const text = `no live broker holds an in-sync copy: the data is unavailable until ${names} returns; an unclean election would lose what only that broker has`
  return { code: 'NO_LIVE_IN_SYNC_REPLICA', text }
}

/** Why a partition in flight is left alone. */
export const IN_FLIGHT: Reason = {
  code: 'IN_FLIGHT',
  text: 'it is being reassigned; plan again when that has ended',
}
