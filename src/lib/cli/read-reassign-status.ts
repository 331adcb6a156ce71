import type { ReassignStatus } from '../plan/reassign-status.js'
import type { LockHolder, StoredJournal } from '../ports/journal.js'
import { OperatorError } from '../errors/operator-error.js'
import type { WhoWorks } from '../execution/reassign/is-running.js'
import { currentActor, openLocalJournals, withJournalsToRead } from './compose-journal.js'
import { readCluster } from './compose-snapshot.js'
import type { Ui } from './ui.js'
import type { WriteContext } from './write-context.js'

/** Reassignments, throttles and executions of a cluster as they stand; writes nothing. */
export async function readReassignStatus(context: WriteContext, ui: Ui): Promise<ReassignStatus> {
  const { readDisks } = await import('../execution/reassign/copied-bytes.js')
  const { brokersInFlight, describeReassignments } = await import('../execution/reassign/status.js')
  const { describeSickness } = await import('../health/describe-sickness.js')
  const snapshot = await readCluster(context, ui)
  const ids = brokersInFlight(snapshot)
  const answers =
    ids.length === 0 ? [] : await context.withReader((reader) => reader.readLogDirs(ids))
  const warn = (text: string): void => ui.warn(text)
  const { id } = snapshot.cluster
  const journals = await withJournalsToRead(context, { warn }, (store) => store.list(id))
  const who = await whoWorks(context, id, journals)
  const disks = readDisks(answers)
  const status = describeReassignments({ snapshot, disks, journals, who })
  return { ...status, sick: describeSickness(snapshot) }
}

/** Who has the lock, here and over all hosts. That it cannot be asked is told; the rest is shown all the same. */
async function whoWorks(
  context: WriteContext,
  clusterId: string,
  journals: readonly StoredJournal[],
): Promise<WhoWorks> {
  const { needsAsking } = await import('../execution/reassign/is-running.js')
  const here = currentActor()
  const onThisHost = await openLocalJournals().holder(clusterId)
  const ours = onThisHost === null ? [] : [onThisHost]
  // Otherwise there is nothing to ask it for, and no right to ask is needed.
  if (!needsAsking(journals, ours)) return { here, holders: ours, unasked: null }
  try {
    const holder = await context.withCoordination(clusterId, (lock) => lock.holder())
    const isOther = holder !== null && !ours.some(({ host, pid }) => isSame(holder, host, pid))
    return { here, holders: isOther ? [...ours, holder] : ours, unasked: null }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return { here, holders: ours, unasked: error.message }
  }
}

const isSame = (one: LockHolder, host: string, pid: number): boolean =>
  one.host === host && one.pid === pid
