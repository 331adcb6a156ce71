import type { ThrottleDebt } from '../../../plan/execution-report.js'
import type { ConfigResource } from '../../../ports/cluster-reader.js'
import type { ReleaseRecord, ThrottleRecord } from '../../../ports/journal.js'
import { parseEntries } from './entries.js'

/** A throttle value that is ours, wholly (a rate) or in part (the entries of a list). */
export interface HeldThrottle {
  readonly resource: ConfigResource
  readonly key: string
  /** What stood there before our first change; null for nothing. */
  readonly before: string | null
  /** Entries of a list, or the rate as the only entry. */
  readonly entries: readonly string[]
}

/** What is held and what is owed, by {@link throttleId}. */
export interface Holdings {
  readonly held: ReadonlyMap<string, HeldThrottle>
  readonly debts: ReadonlyMap<string, ThrottleDebt>
}

/** Nothing held, nothing owed. */
export const NO_HOLDINGS: Holdings = { held: new Map(), debts: new Map() }

/** Key of a config value of a resource. */
export function throttleId(resource: ConfigResource, key: string): string {
  return `${resource.type} ${resource.name} ${key}`
}

function hold(holdings: Holdings, record: ThrottleRecord): Holdings {
  const { resource, key, mine } = record
  const id = throttleId(resource, key)
  const known = holdings.held.get(id)
  const added = parseEntries(mine)
  const entries =
    resource.type === 'broker' ? added : [...new Set([...(known?.entries ?? []), ...added])]
  const before = known === undefined ? record.before : known.before
  return {
    ...holdings,
    held: new Map(holdings.held).set(id, { resource, key, before, entries }),
  }
}

function letGo(holdings: Holdings, record: ReleaseRecord): Holdings {
  const { resource, key, outcome } = record
  const id = throttleId(resource, key)
  const known = holdings.held.get(id)
  const gone = new Set(parseEntries(record.entries))
  const entries = (known?.entries ?? []).filter((entry) => !gone.has(entry))
  const held = new Map(holdings.held)
  const debts = new Map(holdings.debts)
  if (known === undefined || entries.length === 0) held.delete(id)
  else held.set(id, { ...known, entries })
  const owed = { resource, key, before: known?.before ?? null, value: record.entries }
  if (outcome === 'debt') debts.set(id, owed)
  else debts.delete(id)
  return { held, debts }
}

/** Holdings after one record of the journal. */
export function account(holdings: Holdings, record: ThrottleRecord | ReleaseRecord): Holdings {
  return record.type === 'throttle' ? hold(holdings, record) : letGo(holdings, record)
}
