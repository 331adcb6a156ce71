import { OperatorError } from '../../errors/operator-error.js'
import type { Actor } from '../../plan/actor.js'
import type { JsonValue, Plan } from '../../plan/plan.js'
import type { Journal, JournalStore, LockHolder, StartedRecord } from '../../ports/journal.js'
import { foldJournal, isOver } from './execution-state.js'
import type { Move } from './moves.js'
import type { Preparation } from './prepare.js'
import type { ExecutionReport } from '../../plan/execution-report.js'
import type { RunPorts, RunSettings } from './run-types.js'
import { openSession, runSession } from './session.js'

/** What is needed to carry a prepared plan out. */
export interface ExecuteInput {
  readonly plan: Plan
  readonly planSha256: string
  readonly preparation: Preparation
  readonly settings: RunSettings
  readonly actor: Actor
  readonly store: JournalStore
  readonly ports: Omit<RunPorts, 'journal'>
  /** Writes the original lists in Kafka's own JSON before the first change; returns where. */
  readonly writeRollback: () => Promise<string>
}

/** Carries a plan out, once: takes this host's lock, writes the rollback file and the journal, and then moves. */
export async function executePlan(input: ExecuteInput): Promise<ExecutionReport> {
  const { plan, preparation, ports, store, settings } = input
  const clusterId = plan.cluster.id
  return underLock(input, `reassign execute ${plan.id}`, async () => {
    await refuseUnfinished(store, clusterId, plan.id)
    const started = startOf(input)
    // Before the journal: a plan whose way back cannot be written was not begun. One that was begun keeps its file.
    const earlier = await store.read(clusterId, plan.id)
    const isNew = earlier === null || earlier.records.length === 0
    const rollbackFile = isNew ? await input.writeRollback() : null
    const journal = await store.create(started)
    return closing(journal, async () => {
      const state = foldJournal([started])
      if (state === null) throw new TypeError('a journal begins with its start')
      const session = openSession({
        ports: { ...ports, journal },
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

/** Runs `work` with the lock of the cluster on this host, or says who has it (exit 75). */
export async function underLock<T>(
  {
    store,
    actor,
    ports,
    plan,
  }: Pick<ExecuteInput, 'store' | 'actor' | 'plan'> & {
    readonly ports: Pick<RunPorts, 'clock'>
  },
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const since = new Date(ports.clock.nowMs()).toISOString()
  const taken = await store.lock(plan.cluster.id, { ...actor, since, what })
  if (typeof taken !== 'function') throw lockedBy(plan.cluster.id, taken)
  try {
    return await work()
  } finally {
    await taken()
  }
}

/** The error that says who has the cluster. */
export function lockedBy(clusterId: string, holder: LockHolder): OperatorError {
  const { user, host, pid, what, since } = holder
  return new OperatorError({
    code: 'LOCKED',
    message: `Cluster ${clusterId} is held by ${user}@${host} (process ${pid}, ${what}) since ${since}.`,
    nextSteps: ['klinic reassign status'],
    exit: 'tryLater',
  })
}

/** Closes the journal whatever happens. */
export async function closing<T>(journal: Journal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await journal.close()
  }
}

async function refuseUnfinished(
  store: JournalStore,
  clusterId: string,
  planId: string,
): Promise<void> {
  for (const { records } of await store.list(clusterId)) {
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
}

function startOf({
  plan,
  planSha256,
  actor,
  preparation,
  settings,
  ports,
}: ExecuteInput): StartedRecord {
  const nowMs = ports.clock.nowMs()
  return {
    type: 'started',
    format: 'klinic.journal/1',
    at: new Date(nowMs).toISOString(),
    executionId: `${plan.id}.${nowMs.toString(36)}`,
    planSha256,
    plan,
    actor,
    options: optionsOf(settings, preparation),
  }
}

function optionsOf(
  { limits, throttleBytesPerSec, besideOthers, patienceMs, stallMs }: RunSettings,
  { lifted }: Preparation,
): Readonly<Record<string, JsonValue>> {
  return {
    throttleBytesPerSec,
    besideOthers,
    patienceMs,
    stallMs,
    limits: { ...limits },
    lifted: lifted.map(({ code, lift }) => `${code} --${lift ?? ''}`),
  }
}
