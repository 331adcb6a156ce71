import { OperatorError } from '../../errors/operator-error.js'
import { holdCluster, type ClusterHold, type LockChoice } from '../lock/hold-cluster.js'
import { provingWriter } from '../lock/proving-writer.js'
import type { Actor } from '../../plan/actor.js'
import type { JsonValue, Plan } from '../../plan/plan.js'
import type { DamagedJournal } from '../../plan/reassign-status.js'
import type { Journal, JournalStore, StartedRecord } from '../../ports/journal.js'
import { foldJournal, isOver, type ExecutionState } from './execution-state.js'
import { THIS_HOST_ONLY } from './is-running.js'
import type { Move } from './moves.js'
import type { Preparation } from './prepare.js'
import type { ExecutionReport } from '../../plan/execution-report.js'
import { readLeaders } from './read-leaders.js'
import type { RunPorts, RunSettings } from './run-types.js'
import { recordOf } from './recorded-options.js'
import { openSession, runSession } from './session.js'
import { damagedJournals } from './status.js'

/** What is needed to carry a prepared plan out. */
export interface ExecuteInput {
  readonly plan: Plan
  readonly planSha256: string
  readonly preparation: Preparation
  readonly settings: RunSettings
  readonly actor: Actor
  readonly store: JournalStore
  readonly ports: Omit<RunPorts, 'journal'>
  readonly lock: LockChoice
  /** The command that began it by itself, for whoever finds it unfinished; absent: a person did. */
  readonly begunBy?: string | undefined
  /** Why, for the journal. */
  readonly reason?: string | undefined
  /** Writes the original lists in Kafka's own JSON before the first change; returns where. */
  readonly writeRollback: () => Promise<string>
}

/** Carries a plan out, once: takes the lock of the cluster, writes the rollback file and the journal, and then moves. */
export async function executePlan(input: ExecuteInput): Promise<ExecutionReport> {
  const { plan, preparation, ports, store, settings } = input
  return underLock(input, `reassign execute ${plan.id}`, async (hold) => {
    for (const { why } of await refuseBegun(store, plan)) {
      ports.onEvent({ type: 'note', code: 'JOURNAL_DAMAGED', text: why })
    }
    const leaders = await readLeaders(ports.reader, preparation.moves, preparation.leaders)
    const started: StartedRecord = { ...startOf(input, hold), leaders }
    if (ports.stop.aborted) throw stoppedBefore(plan)
    // Before the journal: a plan whose way back cannot be written was not begun. One that was begun keeps its file.
    const rollbackFile = await input.writeRollback()
    const journal = await store.create(started)
    return closing(journal, async () => {
      const state = foldJournal([started])
      if (state === null) throw new TypeError('a journal begins with its start')
      const session = openSession({
        ports: { ...ports, writer: provingWriter(ports.writer, hold), journal },
        settings,
        state,
        moves: preparation.moves,
        internalTopics: internalTopics(preparation.moves),
        rollbackFile,
      })
      for (const move of preparation.moves) {
        const reason = preparation.skipped.get(move.step)
        if (reason !== undefined) await session.ledger.mark([move], 'skipped', reason)
      }
      return runSession(session)
    })
  })
}

/** Topics that Kafka keeps for itself; a coordinator that moves disturbs every group, so they go last. */
export function internalTopics(moves: readonly Move[]): ReadonlySet<string> {
  return new Set(moves.map(({ topic }) => topic).filter((topic) => topic.startsWith('__')))
}

/** Runs `work` with the lock of the plan's cluster, or says who has it (exit 75). */
export function underLock<T>(
  {
    store,
    actor,
    ports,
    plan,
    lock,
  }: Pick<ExecuteInput, 'store' | 'actor' | 'plan' | 'lock'> & {
    readonly ports: Pick<RunPorts, 'clock'>
  },
  what: string,
  work: (hold: ClusterHold) => Promise<T>,
): Promise<T> {
  return holdCluster(
    { clusterId: plan.cluster.id, store, actor, clock: ports.clock, lock, what },
    work,
  )
}

/** Closes the journal whatever happens. */
export async function closing<T>(journal: Journal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await journal.close()
  }
}

/** A plan that was stopped before its journal was begun can be executed another time. */
function stoppedBefore({ id }: Plan): OperatorError {
  return new OperatorError({
    code: 'INTERRUPTED',
    message: `Stopped before plan ${id} was begun. Nothing was changed.`,
    exit: 'interrupted',
  })
}

/** A plan is carried out at most once: what can be done with one that was begun depends on how it ended. */
function alreadyExecuted(planId: string, state: ExecutionState | null): OperatorError {
  const isFinished = state !== null && isOver(state)
  return new OperatorError({
    code: 'PLAN_ALREADY_EXECUTED',
    message: isFinished
      ? `Plan ${planId} was executed before and is ${state.ended?.outcome ?? 'over'}; a plan is carried out at most once.`
      : `Plan ${planId} was begun before and is not finished; a plan is carried out at most once.`,
    nextSteps: isFinished
      ? [`klinic reassign rollback ${planId}`, 'or make a new plan from the cluster as it is now']
      : [`klinic reassign resume ${planId}`, `klinic reassign cancel ${planId}`],
    exit: 'stale',
  })
}

/**
 * Refuses a plan that was begun before (exit 4), here or on another host, and any while another one is unfinished (exit
 * 75). Returns the journals that nobody can read.
 */
export async function refuseBegun(
  store: Pick<JournalStore, 'read' | 'list'>,
  { id, cluster }: Plan,
): Promise<readonly DamagedJournal[]> {
  const earlier = await store.read(cluster.id, id)
  const isNew = earlier === null || earlier.records.length === 0
  if (!isNew) throw alreadyExecuted(id, foldJournal(earlier.records))
  return refuseUnfinished(store, cluster.id, id)
}

async function refuseUnfinished(
  store: Pick<JournalStore, 'list'>,
  clusterId: string,
  planId: string,
): Promise<readonly DamagedJournal[]> {
  const journals = await store.list(clusterId)
  for (const { records } of journals) {
    const state = foldJournal(records)
    if (state === null || isOver(state) || state.started.plan.id === planId) continue
    const { id: other, kind } = state.started.plan
    // A roll that came to an end, whichever, has said what it left: whether brokers are there is judged by itself.
    if (kind === 'roll' && records.at(-1)?.type === 'ended') continue
    throw new OperatorError({
      code: 'UNFINISHED_EXECUTION',
      message: `Plan ${other} was begun on this cluster at ${state.started.at} and is not finished.`,
      nextSteps:
        kind === 'roll'
          ? [`klinic roll resume ${other}`]
          : [`klinic reassign resume ${other}`, `klinic reassign cancel ${other}`],
      exit: 'tryLater',
    })
  }
  return damagedJournals(journals)
}

function startOf(
  { plan, planSha256, actor, preparation, settings, ports, begunBy, reason }: ExecuteInput,
  { fence }: ClusterHold,
): StartedRecord {
  const nowMs = ports.clock.nowMs()
  return {
    type: 'started',
    format: 'klinic.journal/1',
    at: new Date(nowMs).toISOString(),
    executionId: `${plan.id}.${nowMs.toString(36)}`,
    planSha256,
    plan,
    actor,
    options: {
      ...optionsOf(settings, preparation),
      lock: fence ?? THIS_HOST_ONLY,
      ...(begunBy !== undefined && { begunBy }),
    },
    ...(reason !== undefined && { reason }),
  }
}

function optionsOf(
  settings: RunSettings,
  { lifted }: Preparation,
): Readonly<Record<string, JsonValue>> {
  return {
    ...recordOf(settings),
    ...(settings.ignoresWindows === true && { ignoresWindows: true }),
    lifted: lifted.map(({ code, lift }) => `${code} --${lift ?? ''}`),
  }
}
