import type { DiagnosisOptions } from '../health/diagnose.js'
import type { Snapshot } from '../model/snapshot.js'
import type { CheckDocument } from '../report/status/check-document.js'
import type { SnapshotSource, SnapshotTools } from './compose-snapshot.js'
import { refuseTwoSources } from './open-planning.js'
import type { ReadContext } from './read-context.js'
import { capacityPolicy } from './target-flags.js'

/** Flags of `cluster check` beside those of the connection. */
export type CheckFlags = SnapshotSource &
  Parameters<typeof capacityPolicy>[0] & { readonly 'min-dead-for'?: number | undefined }

async function obtain(
  context: ReadContext,
  flags: CheckFlags,
  tools: SnapshotTools,
  minDeadForMs: number,
): Promise<Snapshot> {
  const { readSnapshotFrom, readCluster, observeCluster } = await import('./compose-reading.js')
  const { 'from-snapshot': file, observe } = flags
  if (file !== undefined) return readSnapshotFrom(file)
  const live =
    observe === undefined
      ? await readCluster(context, tools.ui, { evidenceNext: true })
      : await observeCluster(context, observe, tools)
  const { withEvidence } = await import('./compose-evidence.js')
  const { longestGap } = await import('../health/memory/remember.js')
  const longestGapMs = longestGap(minDeadForMs)
  return (await withEvidence(context, live, tools, { longestGapMs, withSamples: true })).snapshot
}

/** Looks at a cluster, or a file, and says what is wrong with it. What was noticed of a live one is kept on this host. */
export async function checkCluster(
  context: ReadContext,
  flags: CheckFlags,
  tools: SnapshotTools,
): Promise<CheckDocument> {
  refuseTwoSources(flags)
  const minDeadForMs = flags['min-dead-for'] ?? context.settings.policy.minDeadFor
  const snapshot = await obtain(context, flags, tools, minDeadForMs)
  const options: DiagnosisOptions = { ...capacityPolicy(flags, context.settings), minDeadForMs }
  const { describeCheck } = await import('../report/status/check-document.js')
  return describeCheck(snapshot, options)
}
