import type { BrokenLock, LockStatus } from '../coordination/lock-status.js'
import { clusterIdOf, type ChangeTools } from './change-maintenance.js'
import { noteAction, openLocalJournals } from './compose-journal.js'
import type { WriteContext } from './write-context.js'

/** Who has the lock of the cluster that answers, over all hosts and on this one. Looks only. */
export async function readLock(context: WriteContext): Promise<LockStatus> {
  const clusterId = await clusterIdOf(context)
  const onThisHost = await openLocalJournals().holder(clusterId)
  const holder = await context.withCoordination(clusterId, (coordination) => coordination.holder())
  return { clusterId, holder, onThisHost }
}

/** Takes the lock away from whoever has it, after that was confirmed; nobody having it is no error. */
export async function breakLock(context: WriteContext, tools: ChangeTools): Promise<BrokenLock> {
  const { confirm, warn, requireAudit } = tools
  const clusterId = await clusterIdOf(context)
  return context.withCoordination(clusterId, async (coordination) => {
    const holder = await coordination.holder()
    if (holder === null) return { clusterId, broken: null }
    const owner = `${holder.user}@${holder.host} (process ${holder.pid}, ${holder.what})`
    await confirm(`take the lock away from ${owner}, which then changes nothing more`, clusterId)
    const message = `taken away from ${owner}`
    const note = { clusterId, what: 'lock break', subject: 'the cluster', message }
    if (requireAudit) await noteAction(context, { warn, requireAudit }, note)
    const broken = await coordination.breakLock()
    if (!requireAudit) await noteAction(context, { warn }, note)
    return { clusterId, broken }
  })
}
