import type { Finding } from '../../model/finding.js'
import { describeUnread } from '../../model/describe-unread.js'
import type { UnreadPart } from '../../model/snapshot.js'
import type { HealthView } from '../health-view.js'
import { count, groupBy, nameSome } from '../wording.js'

/** Ours, and Kafka's own names. */
const DENIED = /^NOT_AUTHORISED$|_AUTHORIZATION_FAILED$/

/** Metadata leaves out what our principal may not describe, without an error: such a view is not to be planned on. */
export function checkPartialView(view: HealthView): readonly Finding[] {
  const { partialView, unread = [], brokers } = view.snapshot
  if (partialView !== undefined)
    return [
      {
        code: 'PARTIAL_VIEW',
        severity: 'blocker',
        subject: 'cluster',
        message: `${count(partialView.hiddenPartitions, 'partition')} on the brokers' disks that Metadata does not show us: ${nameSome(partialView.examples)}`,
        nextSteps: ['allow our principal Describe on all topics (TOPIC *:DESCRIBE)'],
      },
    ]
  const denied = unread.filter((u) => u.part === 'log dirs' && DENIED.test(u.code)).length
  if (denied === 0 || denied < brokers.filter((b) => b.state === 'alive').length) return []
  return [
    {
      code: 'VIEW_NOT_VERIFIED',
      severity: 'blocker',
      subject: 'cluster',
      message:
        'our principal may not read log directories, so nothing tells whether Metadata shows us every topic',
      nextSteps: ['allow our principal Describe on the cluster (CLUSTER:DESCRIBE)'],
    },
  ]
}

/** Everything else that could not be read, one finding for each kind and reason. */
export function checkUnread(view: HealthView): readonly Finding[] {
  const unread = (view.snapshot.unread ?? []).filter((u) => !isToldElsewhere(u, view))
  return [...groupBy(unread, (u) => `${u.part}, ${u.code}`).values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const subjects = group.map((u) => u.subject)
    const finding: Finding = {
      code: 'NOT_READ',
      severity: 'warning',
      subject: subjects.length === 1 ? first.subject : 'cluster',
      message: describeUnread(first, nameSome(subjects)),
      nextSteps: [],
    }
    return [finding]
  })
}

/** A broker that does not answer, and a missing controller, have findings of their own. */
function isToldElsewhere(unread: UnreadPart, view: HealthView): boolean {
  if (unread.part === 'controller') return true
  const silent = view.snapshot.brokers.filter((b) => b.unreachable !== undefined)
  return silent.some((broker) => unread.subject === `broker ${broker.id}`)
}
