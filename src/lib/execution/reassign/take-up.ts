import { OperatorError } from '../../errors/operator-error.js'
import type { LockChoice } from '../lock/hold-cluster.js'
import { provingWriter } from '../lock/proving-writer.js'
import type { Actor } from '../../plan/actor.js'
import type { ExecutionReport } from '../../plan/execution-report.js'
import type { JournalStore, TakenUpRecord } from '../../ports/journal.js'
import { closing, internalTopics, underLock } from './execute.js'
import { foldJournal, isOver, takesBack, type ExecutionState } from './execution-state.js'
import { THIS_HOST_ONLY } from './is-running.js'
import { movesOf } from './moves.js'
import type { RunPorts, RunSettings } from './run-types.js'
import { openSession, refuseCancelled, type OpenSession } from './session.js'

interface Unfinished {
  readonly state: ExecutionState
  readonly path: string
}

/** All executions of a cluster that this host began and that something is left of, the newest first. */
async function listUnfinished(
  store: Pick<JournalStore, 'list'>,
  clusterId: string,
): Promise<readonly Unfinished[]> {
  const found: Unfinished[] = []
  for (const { records, path } of await store.list(clusterId)) {
    const state = foldJournal(records)
    if (state !== null && !isOver(state) && !isRoll(state)) found.push({ state, path })
  }
  return found
}

/** The execution named, or the only unfinished one. Throws (exit 64) when there is none such. */
export async function findExecution(
  store: Pick<JournalStore, 'read' | 'list'>,
  clusterId: string,
  planId: string | undefined,
): Promise<ExecutionState> {
  if (planId !== undefined) {
    const stored = await store.read(clusterId, planId)
    const state = stored === null ? null : foldJournal(stored.records)
    if (state !== null && isRoll(state)) throw restartsBrokers(planId)
    if (state !== null) return state
    throw unknownPlan(`There is no journal of plan ${planId} on cluster ${clusterId}.`)
  }
  const open = await listUnfinished(store, clusterId)
  const [only] = open
  if (only === undefined) {
    throw unknownPlan(`There is no unfinished execution on cluster ${clusterId}.`)
  }
  if (open.length === 1) return only.state
  const ids = open.map(({ state }) => state.started.plan.id).join(', ')
  throw unknownPlan(`There are several unfinished executions: name one of ${ids}.`)
}

/** The newest execution of a cluster, finished or not, that made moves of a plan. Throws (exit 64) when this host knows of none. */
export async function findLast(
  store: Pick<JournalStore, 'list'>,
  clusterId: string,
): Promise<ExecutionState> {
  for (const { records } of await store.list(clusterId)) {
    const state = foldJournal(records)
    if (state !== null && !isRoll(state) && !takesBack(state)) return state
  }
  throw unknownPlan(`This host has carried out no plan on cluster ${clusterId}.`)
}

/** Rolling restarts keep their journals beside ours: taken for an execution without moves, one would be closed as done. */
const isRoll = ({ started }: ExecutionState): boolean => started.plan.kind === 'roll'

function restartsBrokers(planId: string): OperatorError {
  return new OperatorError({
    code: 'NOT_A_REASSIGNMENT',
    message: `Plan ${planId} restarts brokers; it moves nothing.`,
    nextSteps: [`klinic roll resume ${planId}`],
    exit: 'usage',
  })
}

function unknownPlan(message: string): OperatorError {
  return new OperatorError({
    code: 'NO_SUCH_EXECUTION',
    message,
    nextSteps: ['klinic reassign status'],
    exit: 'usage',
  })
}

/** What it takes to go on with an execution. */
export interface TakeUpInput {
  readonly state: ExecutionState
  readonly verb: TakenUpRecord['verb']
  readonly settings: RunSettings
  readonly actor: Actor
  readonly store: JournalStore
  readonly ports: Omit<RunPorts, 'journal'>
  readonly lock: LockChoice
  /** Options that were given again: they count from now on. */
  readonly options?: TakenUpRecord['options']
  /** Why, for the journal. */
  readonly reason?: string | undefined
}

/** Goes on with an execution: takes the lock, reads its journal once more under it, and works on a session. */
export async function takeUp(
  input: TakeUpInput,
  work: (session: OpenSession) => Promise<ExecutionReport>,
): Promise<ExecutionReport> {
  const { store, actor, ports, verb, settings, lock } = input
  const { plan } = input.state.started
  return underLock(
    { store, actor, ports, plan, lock },
    `reassign ${verb} ${plan.id}`,
    async (hold) => {
      const stored = await store.read(plan.cluster.id, plan.id)
      const state = stored === null ? null : foldJournal(stored.records)
      if (state === null) throw unknownPlan(`The journal of plan ${plan.id} is gone.`)
      const journal = await store.reopen(plan.cluster.id, plan.id)
      return closing(journal, async () => {
        const moves = movesOf(plan)
        const session = openSession({
          ports: { ...ports, writer: provingWriter(ports.writer, hold), journal },
          settings,
          state,
          moves,
          internalTopics: internalTopics(moves),
          rollbackFile: null,
          host: actor.host,
        })
        // Before anything is written: a record of ours would open again what has ended.
        if (verb === 'resume') refuseCancelled(session)
        const { options, reason } = input
        const taken = {
          type: 'taken-up',
          verb,
          actor,
          lock: hold.fence ?? THIS_HOST_ONLY,
          ...(options !== undefined && { options }),
          ...(reason !== undefined && { reason }),
        } as const
        await session.ledger.record([taken])
        return work(session)
      })
    },
  )
}
