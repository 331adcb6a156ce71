import type { Finding } from '../../model/finding.js'
import { baseReplicas } from '../../model/partition-state.js'
import type { HealthView, PartitionView } from '../health-view.js'
import { count, groupBy, nameSome } from '../wording.js'

/** Kafka's own default (`leader.imbalance.per.broker.percentage`), as a share. */
const TOLERATED_IMBALANCE = 0.1

/** Brokers that lead clearly less of what they are preferred for than they should. Dead ones are told elsewhere. */
export function checkLeaders(view: HealthView): readonly Finding[] {
  const byPreferred = groupBy(view.partitions, (p) => p.partition.replicas[0] ?? -1)
  const uneven = [...byPreferred]
    .filter(([id]) => view.brokers.get(id)?.state === 'alive')
    .map(([id, preferred]) => ({ id, preferred, lost: preferred.filter(isLedElsewhere) }))
    .filter(({ preferred, lost }) => lost.length / preferred.length > TOLERATED_IMBALANCE)
    .sort((a, b) => a.id - b.id)
  if (uneven.length === 0) return []
  const names = uneven.flatMap(({ lost }) => lost.map((p) => p.name)).sort()
  const shares = uneven.map((u) => `broker ${u.id}: ${u.lost.length} of ${u.preferred.length}`)
  return [
    {
      code: 'LEADER_IMBALANCE',
      severity: 'warning',
      subject: 'cluster',
      message: `${count(names.length, 'partition')} not led by the preferred replica (${nameSome(shares)})`,
      nextSteps: ['klinic leader plan'],
      partitions: names,
    },
  ]
}

const isLedElsewhere = ({ partition }: PartitionView): boolean =>
  partition.leader !== null && partition.leader !== partition.replicas[0]

/** Partitions on fewer racks than they could stand on. Partitions on brokers of unknown rack are not judged. */
export function checkRacks(view: HealthView): readonly Finding[] {
  const alive = view.snapshot.brokers.filter((broker) => broker.state !== 'dead')
  const racks = new Set(alive.flatMap((broker) => broker.rack ?? []))
  if (racks.size < 2) return []
  const rackless = alive.filter((broker) => broker.rack === undefined).map((broker) => broker.id)
  const crowded = view.partitions.filter((p) => standsOnTooFewRacks(p, view, racks.size))
  return [...racklessFinding(rackless), ...crowdedFinding(crowded.map((p) => p.name))]
}

function standsOnTooFewRacks(p: PartitionView, view: HealthView, rackCount: number): boolean {
  const replicas = baseReplicas(p.partition)
  const racks = replicas.map((id) => view.brokers.get(id)?.rack)
  if (racks.includes(undefined)) return false
  return new Set(racks).size < Math.min(replicas.length, rackCount)
}

function racklessFinding(ids: readonly number[]): readonly Finding[] {
  if (ids.length === 0) return []
  return [
    {
      code: 'RACK_MISSING',
      severity: 'info',
      subject: 'cluster',
      message: `${count(ids.length, 'broker')} without a rack among brokers that have one: ${nameSome(ids.map(String))}`,
      nextSteps: ['set broker.rack on every broker, or on none'],
    },
  ]
}

function crowdedFinding(names: readonly string[]): readonly Finding[] {
  if (names.length === 0) return []
  return [
    {
      code: 'RACK_VIOLATION',
      severity: 'warning',
      subject: 'cluster',
      message: `${count(names.length, 'partition')} on fewer racks than possible: ${nameSome(names)}`,
      nextSteps: ['klinic rack plan'],
      partitions: names,
    },
  ]
}
