import type { Snapshot } from '../../model/snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type {
  DamagedJournal,
  FoundThrottle,
  KnownExecution,
  MoveInFlight,
  ReassignStatus,
} from '../../plan/reassign-status.js'
import type { StoredJournal, TakenUpRecord } from '../../ports/journal.js'
import { replicaId, type DiskReading } from './copied-bytes.js'
import { foldJournal, isFinal, isOver, type ExecutionState } from './execution-state.js'
import { isRunning, type WhoWorks } from './is-running.js'
import { movesOf } from './moves.js'
import { parseEntries } from './throttle/entries.js'
import { throttleId } from './throttle/held.js'

/** What {@link describeReassignments} puts together. */
export interface StatusInput {
  readonly snapshot: Snapshot
  readonly disks: DiskReading
  readonly journals: readonly StoredJournal[]
  readonly who: WhoWorks
}

interface Known {
  readonly state: ExecutionState
  readonly path: string
}

/** Reassignments in flight, throttles and executions, with who they belong to where a journal of this host tells. */
export function describeReassignments(input: StatusInput): ReassignStatus {
  const known = input.journals.flatMap(({ records, path }) => {
    const state = foldJournal(records)
    return state === null || state.started.plan.kind === 'roll' ? [] : [{ state, path }]
  })
  const { snapshot } = input
  const damaged = damagedJournals(input.journals)
  const executions = executionsToShow(known).map((one) => toKnownExecution(one, input.who))
  return {
    clusterId: snapshot.cluster.id,
    at: snapshot.capturedAt,
    inFlight: movesInFlight(input, known),
    throttles: (snapshot.throttles ?? []).map((found) => attribute(found, known)),
    executions,
    holders: input.who.holders,
    ...(damaged.length > 0 && { damaged }),
    warnings: [...(snapshot.warnings ?? []), ...lockWarnings(executions, input.who)],
  }
}

/** Journals of a list that could not be read. */
export function damagedJournals(journals: readonly StoredJournal[]): readonly DamagedJournal[] {
  return journals.flatMap(({ path, damaged: why }) => (why === undefined ? [] : [{ path, why }]))
}

/** Brokers whose disks tell how far the reassignments in flight are. */
export function brokersInFlight(snapshot: Snapshot): readonly number[] {
  const alive = new Set(snapshot.brokers.filter((b) => b.state !== 'dead').map(({ id }) => id))
  const moving = snapshot.topics.flatMap(({ partitions }) =>
    partitions.filter(({ adding }) => (adding?.length ?? 0) > 0),
  )
  return [...new Set(moving.flatMap(({ replicas }) => replicas))]
    .filter((id) => alive.has(id))
    .sort((a, b) => a - b)
}

function movesInFlight(
  { snapshot, disks }: StatusInput,
  known: readonly Known[],
): readonly MoveInFlight[] {
  const alive = new Set(snapshot.brokers.filter((b) => b.state !== 'dead').map(({ id }) => id))
  const owners = ownersOf(known)
  return snapshot.topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ id, replicas, adding = [], removing = [] }) => {
      if (adding.length === 0 && removing.length === 0) return []
      const partition = topicPartitionKey(name, id)
      const from = replicas.filter((broker) => !adding.includes(broker))
      const to = replicas.filter((broker) => !removing.includes(broker) || adding.includes(broker))
      const { copiedBytes, totalBytes } = bytesOf(partition, from, adding, disks)
      const waitingFor = adding.filter((broker) => !alive.has(broker))
      const planId = owners.get(partition) ?? null
      const lists = { from, to, adding, removing }
      return [{ partition, ...lists, copiedBytes, totalBytes, waitingFor, planId }]
    }),
  )
}

function bytesOf(
  key: string,
  from: readonly number[],
  adding: readonly number[],
  { sizes }: DiskReading,
): Pick<MoveInFlight, 'copiedBytes' | 'totalBytes'> {
  const sizeOn = (broker: number): number | undefined => sizes.get(replicaId(broker, key))
  const whole = Math.max(...from.map((broker) => sizeOn(broker) ?? -1))
  if (whole < 0) return { copiedBytes: null, totalBytes: null }
  const copied = adding.reduce((sum, id) => sum + Math.min(whole, sizeOn(id) ?? 0), 0)
  return { copiedBytes: copied, totalBytes: whole * adding.length }
}

/** Partitions that an unfinished execution has touched, with its plan. */
function ownersOf(known: readonly Known[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  for (const { state } of known) {
    if (isOver(state)) continue
    for (const move of movesOf(state.started.plan)) {
      const status = state.moves.get(move.step)?.state ?? 'planned'
      if (status !== 'planned' && !isFinal(status)) owners.set(move.key, state.started.plan.id)
    }
  }
  return owners
}

function attribute(
  found: { resource: 'broker' | 'topic'; name: string; key: string; value: string },
  known: readonly Known[],
): FoundThrottle {
  const id = throttleId({ type: found.resource, name: found.name }, found.key)
  const values = new Set(parseEntries(found.value))
  const owner = known.find(({ state: { holdings } }) => {
    const entries = holdings.held.get(id)?.entries
    const owed = parseEntries(holdings.debts.get(id)?.value ?? null)
    return [...(entries ?? []), ...owed].some((entry) => values.has(entry))
  })
  return { ...found, planId: owner?.state.started.plan.id ?? null }
}

/** Whatever is not settled, and the last execution that is. */
function executionsToShow(known: readonly Known[]): readonly Known[] {
  // Held at the end is owed, too: journals of before did not always say so.
  const isOpen = ({ state }: Known): boolean =>
    !isOver(state) || state.holdings.debts.size + state.holdings.held.size > 0
  const lastSettled = known.find((one) => !isOpen(one))
  return known.filter((one) => isOpen(one) || one === lastSettled)
}

function toKnownExecution({ state, path }: Known, who: WhoWorks): KnownExecution {
  const { started, moves, takenUp, ended, holdings } = state
  const all = movesOf(started.plan)
  const count = (wanted: (status: string) => boolean): number =>
    all.filter(({ step }) => wanted(moves.get(step)?.state ?? 'planned')).length
  const done = count((status) => status === 'done')
  const skipped = count((status) => status === 'skipped' || status === 'undone')
  return {
    planId: started.plan.id,
    startedAt: started.at,
    by: started.actor,
    ...(started.reason !== undefined && { reason: started.reason }),
    ...(takenUp !== null && { takenUp: describeTakenUp(takenUp) }),
    running: isRunning(state, who),
    outcome: ended?.outcome ?? null,
    moves: { total: all.length, done, skipped, left: all.length - done - skipped },
    debts: [...holdings.debts.values()],
    journal: path,
  }
}

function lockWarnings(
  executions: readonly KnownExecution[],
  { unasked }: WhoWorks,
): readonly string[] {
  if (unasked === null || executions.every(({ running }) => running !== null)) return []
  return [`who has the lock of all hosts could not be asked: ${unasked}`]
}

function describeTakenUp(record: TakenUpRecord): NonNullable<KnownExecution['takenUp']> {
  const { verb, at, actor, reason } = record
  return { verb, at, by: actor, ...(reason !== undefined && { reason }) }
}
