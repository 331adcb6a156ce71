import type { GroupHealth, GroupReading } from '../../health/consumers/judge-group.js'
import { findStalled, judgeGroup, totalLagOf } from '../../health/consumers/judge-group.js'
import type { Clock } from '../../ports/clock.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import type { ConsumerHealthSource } from '../../ports/consumer-health.js'
import { readGroupPositions } from './read-groups.js'

/** How long lag may stand still before it counts, and how often to look meanwhile. */
export interface WatchWindow {
  readonly windowMs: number
  readonly everyMs: number
}

function needsMoreTime(readings: readonly (readonly GroupReading[])[]): boolean {
  const [first = []] = readings
  return first.some((group) => {
    const looks = readings.flatMap((look) =>
      look.filter((reading) => reading.groupId === group.groupId),
    )
    const lagging = looks.every((reading) => totalLagOf(reading) > 0)
    return lagging && (looks.length < 3 || findStalled(looks).length > 0)
  })
}

/**
 * Consumer health without Burrow. A group without lag is judged at once; one that lags is watched until it has committed in
 * every lagging partition, or the window is over (a group may commit seldom and be well).
 */
export function watchConsumers(
  reader: ClusterReader,
  clock: Clock,
  window: WatchWindow,
): ConsumerHealthSource {
  return {
    check: async (groupIds): Promise<readonly GroupHealth[]> => {
      const deadlineMs = clock.nowMs() + window.windowMs
      const looks = [await readGroupPositions(reader, groupIds)]
      while (needsMoreTime(looks) && clock.nowMs() < deadlineMs) {
        await clock.sleep(window.everyMs)
        looks.push(await readGroupPositions(reader, groupIds))
      }
      return groupIds.map((groupId) =>
        judgeGroup(looks.flatMap((look) => look.filter((reading) => reading.groupId === groupId))),
      )
    },
  }
}
