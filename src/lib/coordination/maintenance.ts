import type { Author, Maintenance } from './documents.js'
import { maintenanceKey } from './state-keys.js'
import type { MaintenanceView, StateView } from './view-state.js'

/** Changes of the state store: a document, or null for one that goes. */
export type StateChanges<T> = ReadonlyMap<string, T | null>

/** Maintenance as it was asked for: of the brokers, or of the whole cluster. */
export interface MaintenanceRequest extends Author {
  /** Null: the whole cluster. */
  readonly brokers: readonly number[] | null
  readonly reason: string
  readonly sinceMs: number
  readonly untilMs: number
}

const subjectsOf = (brokers: readonly number[] | null): readonly (number | null)[] =>
  brokers ?? [null]

const standing = (view: MaintenanceView, subject: number | null): Maintenance | null =>
  subject === null ? view.cluster : (view.brokers.get(subject) ?? null)

/**
 * Begins maintenance, or changes one that stands (which keeps its beginning). Empty when all of it stands as asked already,
 * and nothing ran out: asking twice writes once.
 */
export function startMaintenance(
  state: Pick<StateView, 'maintenance' | 'expired'>,
  { brokers, user, host, reason, sinceMs, untilMs }: MaintenanceRequest,
): StateChanges<Maintenance> {
  const changes = new Map<string, Maintenance | null>()
  const until = new Date(untilMs).toISOString()
  for (const subject of subjectsOf(brokers)) {
    const before = standing(state.maintenance, subject)
    const since = before?.since ?? new Date(sinceMs).toISOString()
    const isSame =
      before?.reason === reason &&
      before.until === until &&
      before.user === user &&
      before.host === host
    if (!isSame) changes.set(maintenanceKey(subject), { user, host, reason, since, until })
  }
  return withExpired(state, changes)
}

/** Ends maintenance of the brokers, or of the whole cluster. Empty when none of it stands. */
export function stopMaintenance(
  state: Pick<StateView, 'maintenance' | 'expired'>,
  brokers: readonly number[] | null,
): StateChanges<Maintenance> {
  const changes = new Map<string, Maintenance | null>()
  for (const subject of subjectsOf(brokers)) {
    if (standing(state.maintenance, subject) !== null) changes.set(maintenanceKey(subject), null)
  }
  return withExpired(state, changes)
}

/** What ran out goes with the next write; alone it is not worth one. */
function withExpired(
  { expired }: Pick<StateView, 'expired'>,
  changes: Map<string, Maintenance | null>,
): StateChanges<Maintenance> {
  if (changes.size === 0) return changes
  for (const key of expired) if (!changes.has(key)) changes.set(key, null)
  return changes
}

/** `anna@ops-1 since 2026-11-21T02:00:00.000Z until …: new disks`. */
export const describeMaintenance = ({ user, host, since, until, reason }: Maintenance): string =>
  `${user}@${host} since ${since} until ${until}: ${reason}`
