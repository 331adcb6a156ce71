import { describeFindings, type FindingsDocument } from '../report/status/check-document.js'
import { checkSamples } from '../traffic/check-samples.js'
import { readCluster, type SnapshotTools } from './compose-snapshot.js'
import { readStatsOf, type StatsChoice } from './compose-stats.js'
import type { ReadContext } from './read-context.js'

/** Holds the samples of a window against the cluster as it is now. */
export async function verifySamples(
  context: ReadContext,
  choice: StatsChoice,
  tools: SnapshotTools,
): Promise<FindingsDocument> {
  const live = await readCluster(context, tools.ui)
  const view = await readStatsOf(context, { ...choice, clusterId: live.cluster.id }, tools)
  const skipped = Object.values(view.count.skipped).reduce((sum, count) => sum + count, 0)
  const findings = checkSamples({
    window: view.window,
    live,
    missingBrokers: view.missingBrokers,
    skippedRecords: skipped,
    notices: view.sourceNotices,
    atMs: context.clock.nowMs(),
  })
  return describeFindings(live, findings)
}
