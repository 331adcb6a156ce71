/** What can be wrong with a broker over time. `behind`: it is there, and replicas of it are out of sync. */
export const TROUBLES = ['away', 'silent', 'behind'] as const

/** One of them. */
export type Trouble = (typeof TROUBLES)[number]

/** A trouble that was seen at every look from `since` to `lastSeen`; ISO 8601. */
export interface Sighting {
  readonly since: string
  readonly lastSeen: string
}

/** What is remembered of one broker between runs. */
export interface RememberedBroker extends Partial<Readonly<Record<Trouble, Sighting>>> {
  readonly id: number
  readonly host?: string
  readonly port?: number
  readonly rack?: string
  /** Last seen registered and answering. */
  readonly wellAt?: string
  /** Last seen registered, taking connections and answering nothing, in the silence that goes on. */
  readonly listeningAt?: string
  /** First seen back after it was away. */
  readonly returnedAt?: string
}

/** What a host remembers of a cluster, by broker id. */
export type Memory = ReadonlyMap<number, RememberedBroker>

/** Nothing. */
export const NO_MEMORY: Memory = new Map()

/** Name of a sighting in the state that hosts share: `broker/4/away`. */
export const sightingName = (broker: number, trouble: Trouble): string =>
  `broker/${broker}/${trouble}`

/** What a memory has to tell other hosts, by name. */
export function sightingsOf(memory: Memory): ReadonlyMap<string, Sighting> {
  const found = new Map<string, Sighting>()
  for (const broker of memory.values()) {
    for (const trouble of TROUBLES) {
      const sighting = broker[trouble]
      if (sighting !== undefined) found.set(sightingName(broker.id, trouble), sighting)
    }
  }
  return found
}

const isLater = (a: string, b: string): boolean => Date.parse(a) > Date.parse(b)

/** The longer of two sightings of the same trouble; one that ended before the broker was well again is over. */
function join(
  own: Sighting | undefined,
  other: Sighting | undefined,
  wellAt: string | undefined,
): Sighting | undefined {
  const known = [own, other].flatMap((sighting) => {
    if (sighting === undefined) return []
    return wellAt !== undefined && isLater(wellAt, sighting.since) ? [] : [sighting]
  })
  const [first, second] = known
  if (first === undefined || second === undefined) return first
  return {
    since: isLater(first.since, second.since) ? second.since : first.since,
    lastSeen: isLater(first.lastSeen, second.lastSeen) ? first.lastSeen : second.lastSeen,
  }
}

/** Joins what this host remembers with what hosts share: the earlier of the two, unless the broker was well since. */
export function joinMemory(own: Memory, shared: ReadonlyMap<string, Sighting>): Memory {
  const ids = new Set(own.keys())
  for (const name of shared.keys()) {
    const id = /^broker\/(\d{1,10})\/(?:away|silent|behind)$/.exec(name)?.[1]
    if (id !== undefined) ids.add(Number(id))
  }
  const joined = new Map<number, RememberedBroker>()
  for (const id of ids) joined.set(id, joinBroker(own.get(id) ?? { id }, shared))
  return joined
}

function joinBroker(
  own: RememberedBroker,
  shared: ReadonlyMap<string, Sighting>,
): RememberedBroker {
  let joined = own
  for (const trouble of TROUBLES) {
    // A broker that is behind is well all the time.
    const wellAt = trouble === 'behind' ? undefined : own.wellAt
    const sighting = join(own[trouble], shared.get(sightingName(own.id, trouble)), wellAt)
    if (sighting !== undefined) joined = { ...joined, [trouble]: sighting }
  }
  return joined
}
