import type { ReassignStatus } from '../plan/reassign-status.js'
import { withJournalsToRead } from './compose-journal.js'
import { readCluster } from './compose-snapshot.js'
import type { ReadContext } from './read-context.js'
import type { Ui } from './ui.js'

/** Reassignments, throttles and executions of a cluster as they stand; writes nothing. */
export async function readReassignStatus(context: ReadContext, ui: Ui): Promise<ReassignStatus> {
  const { readDisks } = await import('../execution/reassign/copied-bytes.js')
  const { brokersInFlight, describeReassignments } = await import('../execution/reassign/status.js')
  const { describeSickness } = await import('../health/describe-sickness.js')
  const snapshot = await readCluster(context, ui)
  const ids = brokersInFlight(snapshot)
  const answers =
    ids.length === 0 ? [] : await context.withReader((reader) => reader.readLogDirs(ids))
  const warn = (text: string): void => ui.warn(text)
  const [journals, holder] = await withJournalsToRead(context, { warn }, (store) =>
    Promise.all([store.list(snapshot.cluster.id), store.holder(snapshot.cluster.id)]),
  )
  const disks = readDisks(answers)
  const status = describeReassignments({ snapshot, disks, journals, holder })
  return { ...status, sick: describeSickness(snapshot) }
}
