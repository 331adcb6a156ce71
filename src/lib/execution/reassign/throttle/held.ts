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

/** Entries that are given back leave what is held and what is owed; a debt only moves them from one to the other. */
function letGo(holdings: Holdings, record: ReleaseRecord): Holdings {
  const { resource, key } = record
  const id = throttleId(resource, key)
  const entries = parseEntries(record.entries)
  const known = holdings.held.get(id)
  const owed = holdings.debts.get(id)
  const left = without(known?.entries, entries)
  const stillOwed = without(parseEntries(owed?.value ?? null), entries)
  const due = record.outcome === 'debt' ? [...stillOwed, ...entries] : stillOwed
  const before = (known ?? owed)?.before ?? null
  const held = new Map(holdings.held)
  const debts = new Map(holdings.debts)
  held.delete(id)
  debts.delete(id)
  if (left.length > 0) held.set(id, { resource, key, before, entries: left })
  if (due.length > 0) debts.set(id, { resource, key, before, value: due.join(',') })
  return { held, debts }
}

function without(
  entries: readonly string[] | undefined,
  gone: readonly string[],
): readonly string[] {
  return (entries ?? []).filter((entry) => !gone.includes(entry))
}

/** Holdings after one record of the journal. */
export function account(holdings: Holdings, record: ThrottleRecord | ReleaseRecord): Holdings {
  return record.type === 'throttle' ? hold(holdings, record) : letGo(holdings, record)
}
