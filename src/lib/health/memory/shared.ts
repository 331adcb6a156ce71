import { sightingsOf, type Memory, type Sighting } from './memory.js'

function toSighting(value: unknown): Sighting | null {
  if (typeof value !== 'object' || value === null) return null
  if (!('since' in value) || !('lastSeen' in value)) return null
  const { since, lastSeen } = value
  if (typeof since !== 'string' || typeof lastSeen !== 'string') return null
  return Number.isNaN(Date.parse(since)) || Number.isNaN(Date.parse(lastSeen))
    ? null
    : { since, lastSeen }
}

/** First-seen documents of the state store, by name (`broker/4/away`); what is none is left out. */
export function parseSightings(
  documents: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Sighting> {
  return new Map(
    [...documents].flatMap(([name, value]) => {
      const sighting = toSighting(value)
      return sighting === null ? [] : [[name, sighting] as const]
    }),
  )
}

/** What has to be written so that the store says what this memory says; null removes what is over. */
export function sightingChanges(
  shared: ReadonlyMap<string, Sighting>,
  memory: Memory,
): ReadonlyMap<string, Sighting | null> {
  const now = sightingsOf(memory)
  const changes = new Map<string, Sighting | null>()
  for (const [name, sighting] of now) {
    const known = shared.get(name)
    const isSame = known?.since === sighting.since && known.lastSeen === sighting.lastSeen
    if (!isSame) changes.set(name, sighting)
  }
  for (const name of shared.keys())
    if (name.startsWith('broker/') && !now.has(name)) changes.set(name, null)
  return changes
}
