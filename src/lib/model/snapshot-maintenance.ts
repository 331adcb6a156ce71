/** What somebody works on, and for how long: nothing automatic is to touch it. Times are ISO 8601 UTC. */
export interface MaintenanceNote {
  readonly user: string
  readonly host: string
  readonly reason: string
  readonly since: string
  readonly until: string
}

/** What was in maintenance when a live cluster was read to plan for it, or to carry a plan out. */
export interface SnapshotMaintenance {
  readonly cluster?: MaintenanceNote
  /** By broker id, ascending; those that are alive are `draining`. */
  readonly brokers: readonly (MaintenanceNote & { readonly broker: number })[]
  /** Why nobody knows; nothing then stands in `brokers`. */
  readonly unread?: { readonly code: string; readonly message: string }
}
