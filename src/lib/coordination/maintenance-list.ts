import type { Maintenance } from './documents.js'
import type { StateView } from './view-state.js'

/** What is in maintenance, as `maintenance list` and the commands that change it print it. */
export interface MaintenanceList {
  readonly clusterId: string
  /** ISO 8601 UTC. */
  readonly at: string
  /** Whether this command changed something; always false for `list`. */
  readonly changed: boolean
  readonly cluster: Maintenance | null
  readonly brokers: readonly (Maintenance & { readonly broker: number })[]
  /** Documents that this version cannot read. */
  readonly unreadable: readonly string[]
}

/** The list as of one moment. */
export function listMaintenance(
  clusterId: string,
  { maintenance, unreadable }: StateView,
  { nowMs, changed = false }: { readonly nowMs: number; readonly changed?: boolean },
): MaintenanceList {
  return {
    clusterId,
    at: new Date(nowMs).toISOString(),
    changed,
    cluster: maintenance.cluster,
    brokers: [...maintenance.brokers].map(([broker, note]) => ({ broker, ...note })),
    unreadable: unreadable.filter((key) => key.startsWith('maintenance/')),
  }
}
