import type { Finding, Severity } from '../model/finding.js'
import type { Snapshot } from '../model/snapshot.js'
import {
  checkAtMinIsr,
  checkOffline,
  checkThinTopics,
  checkUnderMinIsr,
  checkUnderReplicated,
} from './checks/availability.js'
import { checkBrokers, checkController, checkLogDirs } from './checks/brokers.js'
import { checkReassignments, checkThrottles, checkZooKeeperLeftovers } from './checks/operations.js'
import { checkLeaders, checkRacks } from './checks/placement.js'
import { checkPartialView, checkUnread } from './checks/visibility.js'
import type { DiagnosisOptions } from './diagnose.js'
import { viewHealth, type HealthView } from './health-view.js'

/** One question asked of a snapshot: its findings, one for each cause rather than for each partition. */
export type HealthCheck = (view: HealthView) => readonly Finding[]

/** All checks, the gravest first; findings of equal severity stay in this order. */
export const HEALTH_CHECKS: readonly HealthCheck[] = [
  checkPartialView,
  checkOffline,
  checkUnderMinIsr,
  checkController,
  checkBrokers,
  checkLogDirs,
  checkUnderReplicated,
  checkAtMinIsr,
  checkReassignments,
  checkThrottles,
  checkZooKeeperLeftovers,
  checkRacks,
  checkLeaders,
  checkUnread,
  checkThinTopics,
]

const RANK: Readonly<Record<Severity, number>> = { blocker: 0, warning: 1, info: 2 }

/**
 * What is wrong with a cluster, gravest first. `blocker`: something is unavailable, or cannot be seen; `warning`: it
 * will be if nothing is done; `info`: worth knowing.
 */
export function checkHealth(
  snapshot: Snapshot,
  options: DiagnosisOptions = {},
): readonly Finding[] {
  const view = viewHealth(snapshot, options)
  return HEALTH_CHECKS.flatMap((check) => check(view)).sort(
    (a, b) => RANK[a.severity] - RANK[b.severity],
  )
}
