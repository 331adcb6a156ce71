import type * as z from 'zod'

import {
  cooldownSchema,
  firstSeenSchema,
  maintenanceSchema,
  replacementSchema,
  sentAlertSchema,
  type Cooldown,
  type FirstSeen,
  type Maintenance,
  type Replacement,
  type SentAlert,
} from './documents.js'
import { subjectOf } from './state-keys.js'

/** What hosts have agreed on, as of one moment: what ran out is not in it. */
export interface StateView {
  readonly maintenance: MaintenanceView
  /** By name. */
  readonly cooldowns: ReadonlyMap<string, Cooldown>
  /** By name. */
  readonly firstSeen: ReadonlyMap<string, FirstSeen>
  /** By state key (`alert/KIND/SUBJECT`). */
  readonly alerts: ReadonlyMap<string, SentAlert>
  /** The replacement of a broker that was begun and has not ended. */
  readonly replacement: Replacement | null
  /** Keys of maintenance and cooldowns that ran out: whoever writes may remove them. */
  readonly expired: readonly string[]
  /** Keys whose documents this version cannot read; a newer Klinic may have written them. */
  readonly unreadable: readonly string[]
}

/** Maintenance that holds. */
export interface MaintenanceView {
  readonly cluster: Maintenance | null
  /** By broker id, ascending. */
  readonly brokers: ReadonlyMap<number, Maintenance>
}

/** Nothing is in maintenance. */
export const NO_MAINTENANCE: MaintenanceView = { cluster: null, brokers: new Map() }

interface Sorted {
  readonly cluster: Maintenance[]
  readonly brokers: Map<number, Maintenance>
  readonly cooldowns: Map<string, Cooldown>
  readonly firstSeen: Map<string, FirstSeen>
  readonly alerts: Map<string, SentAlert>
  readonly replacement: Replacement[]
  readonly expired: string[]
  readonly unreadable: string[]
}

/** Reads the documents of one cluster. `nowMs` decides what ran out; a document of a time without end is not written. */
export function viewState(
  entries: ReadonlyMap<string, { readonly value: unknown }>,
  nowMs: number,
): StateView {
  const sorted: Sorted = {
    cluster: [],
    brokers: new Map(),
    cooldowns: new Map(),
    firstSeen: new Map(),
    alerts: new Map(),
    replacement: [],
    expired: [],
    unreadable: [],
  }
  const inOrder = [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [key, { value }] of inOrder) {
    const isKnown = sortIn(sorted, { key, value, nowMs })
    if (!isKnown) sorted.unreadable.push(key)
  }
  const { cluster, brokers, replacement, ...rest } = sorted
  const byId = new Map([...brokers].toSorted(([a], [b]) => a - b))
  return {
    ...rest,
    maintenance: { cluster: cluster[0] ?? null, brokers: byId },
    replacement: replacement[0] ?? null,
  }
}

interface Found {
  readonly key: string
  readonly value: unknown
  readonly nowMs: number
}

function sortIn(sorted: Sorted, found: Found): boolean {
  const subject = subjectOf(found.key)
  const keep = <T>(document: T | null, take: (document: T) => void): boolean => {
    if (document === null) return false
    take(document)
    return true
  }
  const current = <T extends { readonly until: string }>(
    document: T | null,
    take: (document: T) => void,
  ): boolean =>
    keep(document, (it) => {
      if (Date.parse(it.until) > found.nowMs) take(it)
      else sorted.expired.push(found.key)
    })
  switch (subject?.kind) {
    case 'cluster-maintenance':
      return current(parse(maintenanceSchema, found), (it) => sorted.cluster.push(it))
    case 'broker-maintenance':
      return current(parse(maintenanceSchema, found), (it) =>
        sorted.brokers.set(subject.broker, it),
      )
    case 'cooldown':
      return current(parse(cooldownSchema, found), (it) => sorted.cooldowns.set(subject.name, it))
    case 'first-seen':
      return keep(parse(firstSeenSchema, found), (it) => sorted.firstSeen.set(subject.name, it))
    case 'alert':
      return keep(parse(sentAlertSchema, found), (it) => sorted.alerts.set(found.key, it))
    case 'replacement':
      return keep(parse(replacementSchema, found), (it) => sorted.replacement.push(it))
    case undefined:
      return false
  }
}

function parse<T>(schema: z.ZodType<T>, { value }: Found): T | null {
  const result = schema.safeParse(value)
  return result.success ? result.data : null
}
