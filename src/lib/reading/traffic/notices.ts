import type { TrafficReading } from '../../traffic/reading.js'
import type { GroupDirectory } from './group-directory.js'

/** Said wherever figures of this source are shown. */
export const ADMIN_SOURCE_NOTICE =
  'bytes out are what consumer groups committed: readers that never commit are not in them, ' +
  'and a consumer that reads from a follower counts on the leader'

interface Circumstances {
  readonly groups: GroupDirectory | undefined
  readonly readings: readonly TrafficReading[]
  readonly unknownTraits: ReadonlySet<string>
  readonly silentBrokers: ReadonlySet<number>
  readonly unreadGroups: ReadonlyMap<string, string>
}

const NAMED = 5

function listed(names: readonly string[]): string {
  const rest = names.length - NAMED
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** Groups that have members and never committed anything while we looked. */
function silentGroups({ groups, readings }: Circumstances): readonly string[] {
  return [...(groups?.active ?? [])]
    .filter((id) => readings.every((reading) => (reading.commits.get(id)?.size ?? 0) === 0))
    .sort()
}

/** What the figures of these readings do not hold, one sentence each. */
export function noticesOf(circumstances: Circumstances): readonly string[] {
  const { groups, unknownTraits, silentBrokers, unreadGroups } = circumstances
  const silent = silentGroups(circumstances).filter((id) => !unreadGroups.has(id))
  const share = groups?.shareGroups ?? []
  const unread = [...unreadGroups].sort(([a], [b]) => (a < b ? -1 : 1))
  const brokers = [...new Set([...silentBrokers, ...(groups?.silentBrokers ?? [])])].sort(
    (a, b) => a - b,
  )
  return [
    ADMIN_SOURCE_NOTICE,
    ...(groups?.known === true
      ? []
      : ['no broker told its consumer groups: bytes out are unknown']),
    ...(silent.length > 0
      ? [`groups with members that never committed, so unseen: ${listed(silent)}`]
      : []),
    ...(share.length > 0
      ? [`share groups do not commit offsets, so unseen: ${listed(share)}`]
      : []),
    ...(unread.length > 0
      ? [
          `groups whose offsets could not be read: ${listed(unread.map(([id, why]) => `${id} (${why})`))}`,
        ]
      : []),
    ...(brokers.length > 0
      ? [
          `brokers that did not answer: ${listed(brokers.map(String))}; what they lead or coordinate is unknown`,
        ]
      : []),
    ...(unknownTraits.size > 0
      ? [`could not read whether these topics are compacted: ${listed([...unknownTraits].sort())}`]
      : []),
  ]
}
