import type { AccessReport } from '../health/access/judge-access.js'
import type { Purpose } from '../health/access/required-access.js'
import { readCluster } from './compose-snapshot.js'
import type { ReadContext } from './read-context.js'
import type { Ui } from './ui.js'

/** What the principal of this connection may do, held against what a purpose takes. */
export async function readAccess(
  context: ReadContext,
  ui: Ui,
  purpose: Purpose,
): Promise<AccessReport> {
  const { readAccessReport } = await import('../reading/read-access-report.js')
  const snapshot = await readCluster(context, ui)
  const { topics, coordination } = context.settings
  const isOnKafka = coordination.kind === 'kafka'
  const own = {
    statsTopic: topics.stats,
    actionsTopic: context.actionsTopic,
    stateTopic: isOnKafka ? topics.state : null,
    lockGroup: isOnKafka ? `klinic.lock.${snapshot.cluster.id}` : null,
  }
  return context.withReader((reader) =>
    context.withOperationsReader((operations) =>
      readAccessReport(reader, { purpose, snapshot, own, operations }),
    ),
  )
}
