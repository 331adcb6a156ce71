/** A trouble that was seen at every look between two times; ISO 8601. */
interface Sighting {
  readonly since: string
  readonly lastSeen: string
}

/** Often enough for a sighting not to count as broken off, and seldom enough for a run that changes nothing to write nothing. */
const REFRESH_MS = 15 * 60_000

/**
 * Of all changes of first-seen times those that other hosts have to know: what began, what is over, and that something
 * still holds only now and then.
 */
export function worthWriting(
  shared: ReadonlyMap<string, Sighting>,
  changes: ReadonlyMap<string, Sighting | null>,
): ReadonlyMap<string, { readonly since: string; readonly lastSeen: string } | null> {
  return new Map(
    [...changes].filter(([name, sighting]) => {
      const known = shared.get(name)
      if (sighting === null || known?.since !== sighting.since) return true
      return Date.parse(sighting.lastSeen) - Date.parse(known.lastSeen) >= REFRESH_MS
    }),
  )
}
