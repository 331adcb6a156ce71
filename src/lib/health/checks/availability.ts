import type { Finding } from '../../model/finding.js'
import { baseReplicas } from '../../model/partition-state.js'
import { groupReasons } from '../diagnose.js'
import { NEXT_STEPS } from '../reasons/reason.js'
import { troubleOf, type HealthView, type PartitionView } from '../health-view.js'
import { count, groupBy, nameBrokers, nameReason, nameSome } from '../wording.js'

/** Partitions without a leader: neither readable nor writable. One finding for each set of brokers that they miss. */
export function checkOffline(view: HealthView): readonly Finding[] {
  const offline = view.partitions.filter(({ partition }) => partition.leader === null)
  const byCause = groupBy(offline, (p) => lostBrokers(p, view).join(','))
  return [...byCause].map(([cause, partitions]) => {
    const lost = cause === '' ? [] : cause.split(',').map(Number)
    const names = partitions.map((p) => p.name)
    const why = lost.length === 0 ? '' : ` while ${explain(lost, view)}`
    return {
      code: 'OFFLINE_PARTITIONS',
      severity: 'blocker',
      subject: lost.length === 0 ? 'cluster' : nameBrokers(lost),
      message: `${count(names.length, 'partition')} without a leader${why}: ${nameSome(names)}`,
      nextSteps:
        lost.length === 0
          ? ['look into the log of the controller: klinic cluster status names it']
          : [`bring ${nameBrokers(lost)} back: an unclean election would lose data`],
      partitions: names,
    }
  })
}

/** Replicas out of sync, one finding for each broker that holds them and each reason. */
export function checkUnderReplicated(view: HealthView): readonly Finding[] {
  const told = view.reasons.filter(
    ({ leader, cause }) => leader !== null && cause.code !== 'REASSIGNMENT_IN_PROGRESS',
  )
  return groupReasons(told).map(({ broker, cause, partitions }) => ({
    code: 'UNDER_REPLICATED',
    severity: 'warning',
    subject: `broker ${broker}`,
    message: `${count(partitions.length, 'partition')} under-replicated, out of sync on broker ${broker} (${nameReason(cause.code)}; ${cause.text}): ${nameSome(partitions)}`,
    nextSteps: NEXT_STEPS[cause.code],
    partitions,
  }))
}

/** Below min.insync.replicas: producers with acks=all are refused. Offline partitions are told elsewhere. */
export function checkUnderMinIsr(view: HealthView): readonly Finding[] {
  const names = led(view)
    .filter((p) => p.isr.length < minIsr(p))
    .map((p) => p.name)
  if (names.length === 0) return []
  return [
    {
      code: 'UNDER_MIN_ISR',
      severity: 'blocker',
      subject: 'cluster',
      message: `${count(names.length, 'partition')} with fewer in-sync replicas than min.insync.replicas, which refuse producers with acks=all: ${nameSome(names)}`,
      nextSteps: ['klinic heal plan'],
      partitions: names,
    },
  ]
}

/** At min.insync.replicas although there are more replicas: the next broker to stop makes producers stop. */
export function checkAtMinIsr(view: HealthView): readonly Finding[] {
  const names = led(view)
    .filter((p) => p.isr.length === minIsr(p) && baseReplicas(p.partition).length > minIsr(p))
    .map((p) => p.name)
  if (names.length === 0) return []
  return [
    {
      code: 'AT_MIN_ISR',
      severity: 'warning',
      subject: 'cluster',
      message: `${count(names.length, 'partition')} at min.insync.replicas: one more broker down, and producers with acks=all are refused: ${nameSome(names)}`,
      nextSteps: ['restart no broker before the ISR is whole again'],
      partitions: names,
    },
  ]
}

/** Topics that no broker restart can leave available, by their very settings. */
export function checkThinTopics(view: HealthView): readonly Finding[] {
  const thin = view.partitions.filter((p) => baseReplicas(p.partition).length <= minIsr(p))
  if (thin.length === 0) return []
  const topics = [...new Set(thin.map((p) => p.topic.name))]
  return [
    {
      code: 'RF_NOT_ABOVE_MIN_ISR',
      severity: 'info',
      subject: 'cluster',
      message: `${count(topics.length, 'topic')} with no more replicas than min.insync.replicas, which every restart of a broker interrupts: ${nameSome(topics)}`,
      nextSteps: ['klinic replication plan'],
      partitions: thin.map((p) => p.name),
    },
  ]
}

const led = (view: HealthView): readonly PartitionView[] =>
  view.partitions.filter(({ partition }) => partition.leader !== null)

const minIsr = (p: PartitionView): number => p.topic.minInsyncReplicas ?? 1

const lostBrokers = (p: PartitionView, view: HealthView): readonly number[] =>
  p.partition.replicas
    .filter((id) => troubleOf(view.brokers.get(id)) !== null)
    .sort((a, b) => a - b)

function explain(ids: readonly number[], view: HealthView): string {
  return ids.map((id) => `broker ${id} ${troubleOf(view.brokers.get(id)) ?? ''}`).join(' and ')
}
