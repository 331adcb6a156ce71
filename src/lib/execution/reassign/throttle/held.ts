import type { ThrottleDebt } from '../../../plan/execution-report.js'
import type { ConfigResource, ResourceConfigs } from '../../../ports/cluster-reader.js'
import type { ReleaseRecord, ThrottleRecord } from '../../../ports/journal.js'
import { parseEntries } from './entries.js'

/** A throttle value that is ours, wholly (a rate) or in part (the entries of a list). */
export interface HeldThrottle {
  readonly resource: ConfigResource
  readonly key: string
  /** What stood there before our first change; null for nothing. */
  readonly before: string | null
  /** Entries of a list, or the rate; two of them after it was changed, since either may stand there. */
  readonly entries: readonly string[]
}

/** What is held and what is owed, by {@link throttleId}. */
export interface Holdings {
  readonly held: ReadonlyMap<string, HeldThrottle>
  readonly debts: ReadonlyMap<string, ThrottleDebt>
  /** What stood where a rate was first set; it is known for as long as the journal is. */
  readonly rateBefores: ReadonlyMap<string, string | null>
}

/** Nothing held, nothing owed. */
export const NO_HOLDINGS: Holdings = { held: new Map(), debts: new Map(), rateBefores: new Map() }

/** Key of a config value of a resource. */
export function throttleId(resource: ConfigResource, key: string): string {
  return `${resource.type} ${resource.name} ${key}`
}

/**
 * Whether a rate that we hold is somebody else's by now. One of our own rates, the earlier value and no value at all are
 * not: what a broker shows may be a moment old.
 */
export function isTheirs({ before, entries }: HeldThrottle, current: string | null): boolean {
  return current !== null && current !== before && !entries.includes(current)
}

const union = (some: readonly string[], more: readonly string[]): readonly string[] => [
  ...new Set([...some, ...more]),
]

const without = (entries: readonly string[], some: readonly string[]): readonly string[] =>
  entries.filter((entry) => !some.includes(entry))

/** Debts without these entries of one value. */
function owedBeside(
  debts: Holdings['debts'],
  id: string,
  entries: readonly string[],
): Holdings['debts'] {
  const owed = debts.get(id)
  if (owed === undefined) return debts
  const left = without(parseEntries(owed.value), entries)
  const remaining = new Map(debts)
  if (left.length === 0) remaining.delete(id)
  else remaining.set(id, { ...owed, value: left.join(',') })
  return remaining
}

/**
 * A value that is owed is ours, and never what stood there before. An owed rate is held again, since the new one
 * replaces it; until that is done, either may stand there. Owed entries of a list are held again where they are wanted.
 */
function hold({ held, debts, rateBefores }: Holdings, record: ThrottleRecord): Holdings {
  const { resource, key, mine } = record
  const id = throttleId(resource, key)
  const owed = debts.get(id)
  const first = held.get(id) ?? owed ?? record
  const isRate = resource.type === 'broker'
  const owedRate = isRate ? parseEntries(owed?.value ?? null) : []
  const entries = union(union(held.get(id)?.entries ?? [], owedRate), parseEntries(mine))
  return {
    held: new Map(held).set(id, { resource, key, before: first.before, entries }),
    debts: owedBeside(debts, id, isRate ? owedRate : entries),
    rateBefores:
      isRate && !rateBefores.has(id) ? new Map(rateBefores).set(id, first.before) : rateBefores,
  }
}

/** What is given back is held no longer and owed no longer; what is owed beside it stays owed. */
function letGo(holdings: Holdings, record: ReleaseRecord): Holdings {
  const { resource, key, outcome } = record
  const id = throttleId(resource, key)
  const known = holdings.held.get(id)
  const owed = holdings.debts.get(id)
  const released = parseEntries(record.entries)
  const entries = without(known?.entries ?? [], released)
  const held = new Map(holdings.held)
  const debts = new Map(holdings.debts)
  if (known === undefined || entries.length === 0) held.delete(id)
  else held.set(id, { ...known, entries })
  const owedEntries = parseEntries(owed?.value ?? null)
  const left = outcome === 'debt' ? union(owedEntries, released) : without(owedEntries, released)
  const { before } = owed ?? known ?? { before: null }
  if (left.length === 0) debts.delete(id)
  else debts.set(id, { resource, key, before, value: left.join(',') })
  return { ...holdings, held, debts }
}

/** Holdings after one record of the journal. */
export function account(holdings: Holdings, record: ThrottleRecord | ReleaseRecord): Holdings {
  return record.type === 'throttle' ? hold(holdings, record) : letGo(holdings, record)
}

/** Values set on the topic or the broker itself: what is inherited is not ours to restore. */
export function dynamicValues(
  configs: readonly ResourceConfigs[],
): ReadonlyMap<string, string | null> {
  return new Map(
    configs.flatMap(({ resource, values }) =>
      values
        .filter(({ source }) => source === 'DYNAMIC_TOPIC' || source === 'DYNAMIC_BROKER')
        .map(({ name, value }) => [throttleId(resource, name), value] as const),
    ),
  )
}
