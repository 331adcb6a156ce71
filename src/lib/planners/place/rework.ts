import { targetLeader, targetReplicas } from '../../model/broker-load.js'
import type { Partition, Topic } from '../../model/snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, PartitionStep, Reason } from '../../plan/plan.js'
import { bookLeader, bookReplica, ledBytes, useWith, type Ledger } from './ledger.js'
import { makeStep } from './make-step.js'
import { pickTarget, type TargetPolicy } from './pick-target.js'

/** A partition that gets another replica list. */
export interface Task {
  readonly topic: Topic
  readonly partition: Partition
  /** Replicas that go. */
  readonly leaving: readonly number[]
  /** New replicas to be found; those beyond the leaving ones raise the replication factor. */
  readonly wanted: number
  readonly reason: Reason
  readonly gain?: string
  /** Why the list found is not worth having, where more is wanted than a place for each replica; null when it is. */
  readonly accept?: (list: readonly number[]) => Reason | null
}

/** What became of the tasks, in the order of topic and partition. */
export interface Rework {
  readonly steps: readonly PartitionStep[]
  readonly deferred: readonly Deferred[]
}

interface Placed {
  readonly task: Task
  readonly from: readonly number[]
  /** Leader not decided yet where the preferred one goes. */
  readonly to: readonly number[]
}

const keyOf = ({ topic, partition }: Task): string => topicPartitionKey(topic.name, partition.id)

const racksOf = (ledger: Ledger, list: readonly number[]): number =>
  new Set(list.map(ledger.rackOf)).size

/** New brokers stand where the ones they replace stood; additional ones stand last. */
function fillSlots(
  from: readonly number[],
  leaving: readonly number[],
  added: readonly number[],
): readonly number[] {
  const waiting = [...added]
  const inPlace = from.flatMap((id) => {
    if (!leaving.includes(id)) return [id]
    const next = waiting.shift()
    return next === undefined ? [] : [next]
  })
  return [...inPlace, ...waiting]
}

const defer = (task: Task, reason: Reason, override?: string): Deferred => ({
  subject: keyOf(task),
  reason,
  ...(override === undefined ? {} : { override }),
})

function place(ledger: Ledger, task: Task, policy: TargetPolicy): Placed | Deferred {
  const { partition, leaving } = task
  const from = targetReplicas(partition)
  const kept = from.filter((id) => !leaving.includes(id))
  const added: number[] = []
  for (let i = 0; i < task.wanted; i++) {
    const instead = leaving[i]
    const pick = pickTarget(
      ledger,
      { partition, kept: [...kept, ...added], ...(instead === undefined ? {} : { instead }) },
      policy,
    )
    if (!pick.ok) return defer(task, pick.reason, pick.override)
    added.push(pick.broker)
  }
  const to = fillSlots(from, leaving, added)
  // A rack whose replica is on a dead broker protects nothing any more: it does not count as had.
  const before = racksOf(
    ledger,
    from.filter((id) => (ledger.brokers.get(id)?.state ?? 'dead') !== 'dead'),
  )
  const after = racksOf(ledger, to)
  if (after < Math.min(before, to.length) && !policy.allowFewerRacks) {
    const text = `its replicas would stand in ${after} racks instead of ${before}: no broker in another rack can take one`
    return defer(task, { code: 'FEWER_RACKS', text }, '--allow-fewer-racks')
  }
  const unfit = task.accept?.(to) ?? null
  return unfit === null ? { task, from, to } : defer(task, unfit)
}

function book(ledger: Ledger, { task, from, to }: Placed): void {
  const { partition } = task
  for (const id of from) if (!to.includes(id)) bookReplica(ledger, id, partition, -1)
  for (const id of to) if (!from.includes(id)) bookReplica(ledger, id, partition, 1)
  const leader = targetLeader(partition, from)
  if (leader !== null) bookLeader(ledger, leader, ledBytes(partition, from.length), -1)
  const preferred = to[0]
  if (preferred !== undefined && !isOpen(ledger, { task, from, to })) {
    bookLeader(ledger, preferred, ledBytes(partition, to.length), 1)
  }
}

/** Whether leadership has to be given anew: the preferred leader goes, or cannot lead. */
const isOpen = (ledger: Ledger, { task, from, to }: Placed): boolean =>
  task.leaving.includes(from[0] ?? -1) || ledger.brokers.get(to[0] ?? -1)?.state === 'dead'

/**
 * The member of the new list whose out stays lowest leads, or the leader of today where it is not its preferred leader
 * that goes; the others keep their order.
 */
function giveLeadership(ledger: Ledger, placed: Placed): Placed {
  const { task, from, to } = placed
  const led = ledBytes(task.partition, to.length)
  const candidates = to.filter((id) => ledger.brokers.get(id)?.state === 'alive')
  const today = candidates.find((id) => id === task.partition.leader)
  const stays = today !== undefined && !task.leaving.includes(from[0] ?? -1)
  const best = stays ? today : pickLowest(candidates, (id) => useWith(ledger, id, 'out', led))
  if (best === undefined) return placed
  bookLeader(ledger, best, led, 1)
  return { ...placed, to: [best, ...to.filter((id) => id !== best)] }
}

function pickLowest(ids: readonly number[], use: (id: number) => number): number | undefined {
  const [first, ...others] = ids
  if (first === undefined) return undefined
  return others.reduce((best, id) => (use(id) < use(best) - 1e-12 ? id : best), first)
}

const byWeight =
  (weight: (partition: Partition) => number) =>
  (a: Task, b: Task): number =>
    weight(b.partition) - weight(a.partition) || (keyOf(a) < keyOf(b) ? -1 : 1)

const inThenSize = (partition: Partition): number =>
  (partition.bytesInPerSec ?? 0) * 1e6 + (partition.sizeBytes ?? 0) / 1e6

/**
 * Places what can be placed; what could not be is tried again as long as others that moved away have made room. So a
 * plan that is carried out leaves nothing behind that the next one could do.
 */
function placeAll(ledger: Ledger, tasks: readonly Task[], policy: TargetPolicy) {
  const placed: Placed[] = []
  let waiting = tasks.toSorted(byWeight(inThenSize))
  let deferred: Deferred[] = []
  let progress = true
  while (progress && waiting.length > 0) {
    const left: Task[] = []
    deferred = []
    for (const task of waiting) {
      const result = place(ledger, task, policy)
      if ('subject' in result) {
        deferred.push(result)
        left.push(task)
      } else {
        book(ledger, result)
        placed.push(result)
      }
    }
    progress = left.length < waiting.length
    waiting = left
  }
  return { placed, deferred }
}

/**
 * Finds places for all tasks: the heaviest first, each where the tightest resource stays emptiest; then leadership of the
 * partitions whose preferred leader goes, the heaviest first. What has no place is deferred with the rule that refused.
 */
export function rework(ledger: Ledger, tasks: readonly Task[], policy: TargetPolicy): Rework {
  const { placed, deferred } = placeAll(ledger, tasks, policy)
  const byLed = byWeight((partition) => ledBytes(partition, partition.replicas.length))
  const results = new Map<string, Placed>()
  for (const item of placed.toSorted((a, b) => byLed(a.task, b.task))) {
    results.set(keyOf(item.task), isOpen(ledger, item) ? giveLeadership(ledger, item) : item)
  }
  return collect(tasks, results, new Map(deferred.map((item) => [item.subject, item])))
}

function collect(
  tasks: readonly Task[],
  results: ReadonlyMap<string, Placed>,
  deferred: ReadonlyMap<string, Deferred>,
): Rework {
  const steps: PartitionStep[] = []
  const left: Deferred[] = []
  for (const task of tasks) {
    const placed = results.get(keyOf(task))
    const missing = deferred.get(keyOf(task))
    if (missing !== undefined) left.push(missing)
    if (placed === undefined) continue
    const step = makeStep({ ...task, id: steps.length + 1, from: placed.from, to: placed.to })
    if (step !== null) steps.push(step)
  }
  return { steps, deferred: left }
}
