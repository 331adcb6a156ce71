import type { Finding } from '../../model/finding.js'
import { isBeingReassigned } from '../../model/partition-state.js'
import type { ThrottleEntry } from '../../model/snapshot.js'
import { troubleOf, type HealthView } from '../health-view.js'
import { count, nameBrokers, nameSome } from '../wording.js'

const DELETION = /^\/admin\/delete_topics\//

/** Reassignments in flight, and apart from them those that wait for a broker which is not there. */
export function checkReassignments(view: HealthView): readonly Finding[] {
  const moving = view.partitions.filter((p) => isBeingReassigned(p.partition))
  const lost = (id: number): boolean => (view.brokers.get(id)?.state ?? 'dead') === 'dead'
  const stuck = moving.filter((p) => (p.partition.adding ?? []).some(lost))
  const going = moving.filter((p) => !stuck.includes(p)).map((p) => p.name)
  const findings: Finding[] = []
  if (stuck.length > 0) {
    const targets = [...new Set(stuck.flatMap((p) => (p.partition.adding ?? []).filter(lost)))]
    const names = stuck.map((p) => p.name)
    findings.push({
      code: 'REASSIGNMENT_STUCK',
      severity: 'warning',
      subject: nameBrokers(targets),
      message: `${count(names.length, 'reassignment')} cannot end before ${nameBrokers(targets)} is back: ${nameSome(names)}`,
      nextSteps: ['klinic reassign status'],
      partitions: names,
    })
  }
  if (going.length > 0)
    findings.push({
      code: 'REASSIGNMENT_IN_FLIGHT',
      severity: 'info',
      subject: 'cluster',
      message: `${count(going.length, 'partition')} being reassigned: ${nameSome(going)}`,
      nextSteps: ['klinic reassign status'],
      partitions: going,
    })
  return findings
}

/** Throttles: left behind when nothing is being reassigned, where they slow every follower that has to catch up. */
export function checkThrottles(view: HealthView): readonly Finding[] {
  const throttles = view.snapshot.throttles ?? []
  if (throttles.length === 0) return []
  const blocking = throttles.filter((t) => t.resource === 'broker' && Number(t.value) <= 0)
  const isMoving = view.partitions.some((p) => isBeingReassigned(p.partition))
  const left = isMoving ? '' : ', left behind: nothing is being reassigned'
  const blocked = blocking.length === 0 ? '' : '; a rate of 0 blocks replication altogether'
  return [
    {
      code: isMoving ? 'THROTTLES_SET' : 'THROTTLES_LEFT',
      severity: blocking.length > 0 ? 'blocker' : isMoving ? 'info' : 'warning',
      subject: 'cluster',
      message: `replication throttles on ${nameSome(throttledResources(throttles))}${left}${blocked}`,
      nextSteps: isMoving ? ['klinic reassign status'] : ['klinic reassign cleanup'],
    },
  ]
}

function throttledResources(throttles: readonly ThrottleEntry[]): readonly string[] {
  const names = throttles.map((t) => {
    if (t.resource === 'topic') return `topic ${t.name}`
    return t.name === '' ? 'all brokers (cluster default)' : `broker ${t.name}`
  })
  return [...new Set(names)]
}

/** What tools of ZooKeeper's time left in `/admin`: the controller still acts on it, without any check. */
export function checkZooKeeperLeftovers(view: HealthView): readonly Finding[] {
  const paths = (view.snapshot.zookeeperLeftovers ?? []).map((leftover) => leftover.path)
  const deletions = paths.filter((path) => DELETION.test(path))
  const requests = paths.filter((path) => !DELETION.test(path))
  const findings: Finding[] = []
  if (requests.length > 0)
    findings.push({
      code: 'ZOOKEEPER_LEFTOVERS',
      severity: 'warning',
      subject: 'zookeeper',
      message: `${nameSome(requests)} left in ZooKeeper by another tool: the controller acts on it without checking`,
      nextSteps: ['find out who wrote it, and delete it before anything is reassigned'],
    })
  if (deletions.length > 0)
    findings.push({
      code: 'TOPIC_DELETION_PENDING',
      severity: 'info',
      subject: 'zookeeper',
      message: `${count(deletions.length, 'topic')} waiting to be deleted: ${nameSome(deletions.map((path) => path.replace(DELETION, '')))}`,
      nextSteps: lostBrokers(view),
    })
  return findings
}

function lostBrokers(view: HealthView): readonly string[] {
  const lost = view.snapshot.brokers.filter((b) => troubleOf(b) !== null).map((b) => b.id)
  return lost.length === 0 ? [] : [`${nameBrokers(lost)} must be back for that`]
}
