import {
  diagnose,
  groupReasons,
  type DiagnosisOptions,
  type ReasonGroup,
} from '../../health/diagnose.js'
import { checkHealth } from '../../health/check-health.js'
import type { JudgedBroker } from '../../health/verdict/judge-broker.js'
import type { Finding } from '../../model/finding.js'
import type { Snapshot } from '../../model/snapshot.js'

/** What a check found, for monitors: `stats verify --json` prints this much. */
export interface FindingsDocument {
  readonly cluster: Snapshot['cluster']
  readonly capturedAt: string
  readonly healthy: boolean
  readonly findings: readonly Finding[]
}

/** What `cluster check --json` prints. */
export interface CheckDocument extends FindingsDocument {
  /** The verdict on every broker, with the signals that it rests on. */
  readonly brokers: readonly JudgedBroker[]
  /** Why replicas are out of sync or offline: one entry for each broker and cause. */
  readonly reasons: readonly ReasonGroup[]
}

/** Healthy is a cluster of which nothing worse than a note is known. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.severity === 'info')
}

/** Findings of a check beside the cluster that they are about. */
export function describeFindings(
  { cluster, capturedAt }: Snapshot,
  findings: readonly Finding[],
): FindingsDocument {
  return { cluster, capturedAt, healthy: isHealthy(findings), findings }
}

/** The verdict on a snapshot, for monitors. */
export function describeCheck(snapshot: Snapshot, options: DiagnosisOptions = {}): CheckDocument {
  const { verdicts, reasons } = diagnose(snapshot, options)
  return {
    ...describeFindings(snapshot, checkHealth(snapshot, options)),
    brokers: [...verdicts.values()],
    reasons: groupReasons(reasons),
  }
}
