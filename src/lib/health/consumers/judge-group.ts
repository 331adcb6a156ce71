import type { TopicPartition } from '../../model/topic-partition.js'
import { topicPartitionKey } from '../../model/topic-partition.js'

/** `UNKNOWN`: the source itself failed or has not seen enough yet; it is never health. */
export type GroupStatus = 'OK' | 'WARN' | 'ERR' | 'NOTFOUND' | 'UNKNOWN'

/** How one consumer group is doing, with one line saying why. */
export interface GroupHealth {
  readonly groupId: string
  readonly status: GroupStatus
  /** Records between committed and end offsets, over all partitions; null when unknown. */
  readonly totalLag: number | null
  readonly why: string
}

/** What a group has committed in one partition, and where the log ends; null while the partition has no leader. */
export interface GroupPosition extends TopicPartition {
  readonly committed: number
  readonly end: number | null
}

/** One look at a group. `state` is Kafka's (`Stable`, `Empty`, …); null when no coordinator knows the group. */
export interface GroupReading {
  readonly groupId: string
  readonly state: string | null
  readonly positions: readonly GroupPosition[]
  /** Why its state or its offsets could not be read; what is missing above is then unknown, and no sign of health. */
  readonly unread?: string
}

function lagOf({ committed, end }: GroupPosition): number {
  return end === null ? 0 : Math.max(0, end - committed)
}

/** Partitions whose end nobody tells now: their lag is unknown, which is not none. */
function withoutEnd({ positions }: GroupReading): readonly GroupPosition[] {
  return positions.filter(({ end }) => end === null)
}

/** Records that the group has still to read, over all partitions with a leader: of the others nothing is known. */
export function totalLagOf(reading: GroupReading): number {
  return reading.positions.reduce((sum, position) => sum + lagOf(position), 0)
}

/** Partitions with lag whose committed offset is the same in every reading: nobody reads them, or nobody commits. */
export function findStalled(readings: readonly GroupReading[]): readonly GroupPosition[] {
  const [first, ...later] = readings
  if (first === undefined || later.length === 0) return []
  const committedThen = new Map(
    first.positions.map((position) => [
      topicPartitionKey(position.topic, position.partition),
      position,
    ]),
  )
  const last = later.at(-1) ?? first
  return last.positions.filter((position) => {
    const before = committedThen.get(topicPartitionKey(position.topic, position.partition))
    return (
      before !== undefined &&
      lagOf(before) > 0 &&
      lagOf(position) > 0 &&
      before.committed === position.committed
    )
  })
}

function isUnattended(state: string | null): boolean {
  return state === null || state === 'Empty' || state === 'Dead'
}

function isRebalancing(state: string | null): boolean {
  return state?.endsWith('Rebalance') === true
}

function growsThroughout(readings: readonly GroupReading[]): boolean {
  if (readings.some((reading) => withoutEnd(reading).length > 0)) return false
  const lags = readings.map(totalLagOf)
  return lags.length >= 3 && lags.every((lag, index) => index === 0 || lag > (lags[index - 1] ?? 0))
}

function whyLagIsUnknown(reading: GroupReading): string | null {
  const [dark, ...more] = withoutEnd(reading)
  if (dark === undefined) return null
  const others = more.length > 0 ? ` and ${more.length} more` : ''
  const named = `${topicPartitionKey(dark.topic, dark.partition)}${others}`
  return `the end of ${named} is not known (no leader), so its lag is not either`
}

/**
 * Judges a group from several looks over a window, from committed offsets and group state alone: ERR when lag stands still or
 * nobody is there to read it, WARN while it rebalances or its lag grows from look to look.
 */
export function judgeGroup(readings: readonly GroupReading[]): GroupHealth {
  const last = readings.at(-1)
  if (last === undefined) throw new RangeError('no reading of the group')
  const totalLag = totalLagOf(last)
  const verdict = (status: GroupStatus, why: string): GroupHealth => ({
    groupId: last.groupId,
    status,
    totalLag,
    why,
  })
  if (last.unread !== undefined) return { ...verdict('UNKNOWN', last.unread), totalLag: null }
  if (last.state === null && last.positions.length === 0)
    return { ...verdict('NOTFOUND', 'no coordinator knows it'), totalLag: null }
  if (totalLag > 0 && isUnattended(last.state))
    return verdict('ERR', `has no members and a lag of ${totalLag} records`)
  if (isRebalancing(last.state)) return verdict('WARN', 'is rebalancing')
  const stalled = findStalled(readings)[0]
  if (stalled !== undefined) {
    return verdict(
      'ERR',
      `${topicPartitionKey(stalled.topic, stalled.partition)} has a lag of ${lagOf(stalled)} records and no commit`,
    )
  }
  const unknown = whyLagIsUnknown(last)
  if (unknown !== null) return { ...verdict('UNKNOWN', unknown), totalLag: null }
  if (growsThroughout(readings))
    return verdict('WARN', `its lag grows: ${readings.map(totalLagOf).join(', ')} records`)
  return verdict('OK', totalLag === 0 ? 'no lag' : `a lag of ${totalLag} records, and it reads on`)
}
