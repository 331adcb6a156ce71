import type { SnapshotMaintenance } from '../model/snapshot-maintenance.js'
import type { Snapshot } from '../model/snapshot.js'
import type { StateView } from './view-state.js'
import { maintenanceKey, subjectOf } from './state-keys.js'

/** The state as a reader got it, or why there is none. */
export interface StateOrWhy {
  readonly state: Pick<StateView, 'maintenance' | 'unreadable'>
  /** Null when it was read. */
  readonly unread: { readonly code: string; readonly message: string } | null
}

/**
 * What is in maintenance. A document of that family that this version cannot read counts as nothing read at all: it may
 * forbid what is about to be done.
 */
export function noteMaintenance({ state, unread }: StateOrWhy): SnapshotMaintenance {
  const { cluster, brokers } = state.maintenance
  const illegible = state.unreadable.find((key) => isMaintenance(key))
  const why = unread ?? (illegible === undefined ? null : unknownDocument(illegible))
  return {
    ...(cluster === null ? {} : { cluster }),
    brokers: [...brokers].map(([broker, note]) => ({ broker, ...note })),
    ...(why === null ? {} : { unread: { code: why.code, message: why.message } }),
  }
}

/** The snapshot with what is in maintenance: brokers that are alive keep what they have and are given nothing. */
export function markMaintenance(snapshot: Snapshot, maintenance: SnapshotMaintenance): Snapshot {
  const resting = new Set(maintenance.brokers.map(({ broker }) => broker))
  return {
    ...snapshot,
    maintenance,
    brokers: snapshot.brokers.map((broker) =>
      resting.has(broker.id) && broker.state === 'alive'
        ? { ...broker, state: 'draining' }
        : broker,
    ),
  }
}

function isMaintenance(key: string): boolean {
  const kind = subjectOf(key)?.kind
  return kind === 'cluster-maintenance' || kind === 'broker-maintenance' || key.startsWith(FAMILY)
}

const FAMILY = maintenanceKey(null).replace(/[^/]*$/, '')

const unknownDocument = (key: string): NonNullable<StateOrWhy['unread']> => ({
  code: 'STATE_UNREADABLE',
  message: `the document ${key} is of a kind that this version of klinic does not know`,
})
