import type { Snapshot } from '../model/snapshot.js'
import { checkHealth } from './check-health.js'

/** What whoever looks at, keeps or changes a sick cluster has to know: what is offline, and what lacks replicas. */
export function describeSickness(snapshot: Snapshot): readonly string[] {
  return checkHealth(snapshot)
    .filter(({ code, severity }) => severity === 'blocker' || code === 'UNDER_REPLICATED')
    .map(({ message }) => message)
}
