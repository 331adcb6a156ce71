import { foldJournal } from '../../src/lib/execution/reassign/execution-state.js'
import { movesOf } from '../../src/lib/execution/reassign/moves.js'
import { topicPartitionKey } from '../../src/lib/model/topic-partition.js'
import type { WantedList } from '../../src/lib/plan/kafka-json.js'
import type { ReassignStatus } from '../../src/lib/plan/reassign-status.js'
import type { StoredJournal } from '../../src/lib/ports/journal.js'
import type { Looked } from '../live/reassign-support.js'
import type { ControllerWatch } from './controller-watch.js'
import type { CreatedReplicas } from './created-replicas.js'
import { checkJournal } from './journals.js'

/** What an execution was to do, and what is known of it when it is over. */
export interface Finished {
  readonly topic: string
  /** Replica lists before it, by partition. */
  readonly before: readonly (readonly number[])[]
  readonly wanted: readonly WantedList[]
  readonly journal: StoredJournal | undefined
}

/** Every partition is where the plan wanted it: led by the first of its replicas, all of them in sync. */
export async function checkPlaces(
  cluster: Looked,
  { wanted }: Finished,
): Promise<readonly string[]> {
  const { topics } = await cluster.reader.readMetadata()
  const problems: string[] = []
  for (const { name, partitions } of topics)
    for (const { id, leader, isr, replicas } of partitions) {
      const key = topicPartitionKey(name, id)
      if (leader === null || isr.length < replicas.length)
        problems.push(`${key} has leader ${leader ?? 'nobody'} and only [${isr.join()}] in sync`)
      const want = wanted.find((one) => one.topic === name && one.partition === id)?.replicas
      if (want !== undefined && (replicas.join() !== want.join() || leader !== want[0]))
        problems.push(
          `${key} is at [${replicas.join()}] led by ${leader ?? 'nobody'}, not [${want.join()}]`,
        )
    }
  return problems
}

/** The journal tells of every move that it was made, once, and holds nothing any more. */
export function checkRecord({ journal }: Finished): readonly string[] {
  if (journal === undefined) return ['there is no journal of the execution']
  const problems = [...checkJournal(journal)]
  const state = foldJournal(journal.records)
  if (state === null) return [...problems, `${journal.path} does not begin with a start`]
  for (const { step, key } of movesOf(state.started.plan))
    if (state.moves.get(step)?.state !== 'done')
      problems.push(`the journal does not say that ${key} is done`)
  const { held, debts } = state.holdings
  if (held.size + debts.size > 0)
    problems.push(`the journal still holds ${[...held.keys(), ...debts.keys()].join(', ')}`)
  return problems
}

/** Brokers made each new replica once and no others, and the controller saw each partition move once, to its target. */
export function checkMovedOnce(
  { topic, before, wanted }: Finished,
  created: CreatedReplicas,
  watch: ControllerWatch,
): readonly string[] {
  const problems: string[] = []
  const due = new Set(
    wanted.flatMap(({ partition, replicas }) =>
      replicas
        .filter((id) => before[partition]?.includes(id) !== true)
        .map((id) => `${topic}-${partition} on ${id}`),
    ),
  )
  const made = created.sinceLastTime()
  for (const key of due) {
    const times = made.get(key) ?? 0
    if (times !== 1) problems.push(`the replica of ${key} was made ${times} times`)
  }
  for (const key of made.keys())
    if (key.startsWith(`${topic}-`) && !due.has(key))
      problems.push(`a replica of ${key} was made for nothing`)
  for (const [key, { episodes, targets }] of watch.sinceLastTime()) {
    const want = wanted.find((one) => topicPartitionKey(one.topic, one.partition) === key)
    if (want === undefined || targets.some((target) => target !== want.replicas.join()))
      problems.push(`${key} was on its way to [${targets.join('] and [')}]`)
    if (episodes > 1) problems.push(`the controller moved ${key} ${episodes} times`)
  }
  return problems
}

/** What klinic itself says is left: nothing. */
export function checkStatus(json: string): readonly string[] {
  const { inFlight, executions, throttles } = JSON.parse(json) as ReassignStatus
  return [
    ...inFlight.map(({ partition }) => `${partition} is in flight`),
    ...executions
      .filter(({ outcome }) => outcome !== 'finished')
      .map(({ planId }) => `${planId} is open`),
    ...executions.flatMap(({ debts }) => debts.map(({ key }) => `${key} is owed`)),
    ...throttles
      .filter(({ planId }) => planId !== null)
      .map(({ key, name }) => `${key} of ${name} is left`),
  ]
}
