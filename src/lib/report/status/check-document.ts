import type { Finding } from '../../model/finding.js'
import type { Snapshot } from '../../model/snapshot.js'

/** What `cluster check --json` prints. */
export interface CheckDocument {
  readonly cluster: Snapshot['cluster']
  readonly capturedAt: string
  readonly healthy: boolean
  readonly findings: readonly Finding[]
}

/** Healthy is a cluster of which nothing worse than a note is known. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.severity === 'info')
}

/** The verdict on a snapshot, for monitors. */
export function describeCheck(snapshot: Snapshot, findings: readonly Finding[]): CheckDocument {
  const { cluster, capturedAt } = snapshot
  return { cluster, capturedAt, healthy: isHealthy(findings), findings }
}
