import type { AlertCause, RaisedAlert } from '../../model/alert.js'
import type { Actor } from '../../plan/actor.js'
import type { ExecutionReport } from '../../plan/execution-report.js'
import type { HealRunOutcome, HealRunReport } from '../../plan/heal-run-report.js'
import type { JsonValue, Plan } from '../../plan/plan.js'
import type { LockHolder } from '../../ports/journal.js'
import { judgeHeal, startCooldown, type HealJudgement, type HealLook } from './judge-heal.js'
import { causeOfExecution } from './name-causes.js'

/** An execution of this host that is not finished. */
export interface BegunExecution {
  readonly planId: string
  /** Begun by a heal run: ours to go on with. */
  readonly isOurs: boolean
}

/** What a run reaches the world through. */
export interface HealRunPorts {
  nowMs(): number
  /** Who holds the cluster's lock, at once. */
  holder(): Promise<LockHolder | null>
  /** Runs `work` under the cluster's lock, or tells who has it. */
  underLock<T>(work: () => Promise<T>): Promise<T | { readonly heldBy: LockHolder }>
  /** Reads cluster and state, and plans. */
  look(): Promise<HealLook>
  findBegun(): Promise<BegunExecution | null>
  resume(planId: string): Promise<ExecutionReport>
  /** Keeps the plan and carries it out. */
  execute(plan: Plan): Promise<{ readonly file: string; readonly report: ExecutionReport }>
  areAlertsDue(causes: readonly AlertCause[]): Promise<boolean>
  raise(causes: readonly AlertCause[]): Promise<readonly RaisedAlert[]>
  remember(changes: ReadonlyMap<string, JsonValue | null>): Promise<void>
  /** Writes down what was decided. */
  note(message: string, outcome: 'done' | 'refused' | 'failed'): Promise<void>
}

/** How a run is paced. */
export interface HealRunOptions {
  readonly clusterId: string
  readonly actor: Actor
  readonly urpAlertAfterMs: number
  readonly cooldownMs: number
}

const EXITS = {
  healthy: 'done',
  'not-confident': 'refused',
  'too-early': 'tryLater',
  cooldown: 'tryLater',
  maintenance: 'tryLater',
} as const

type Result = Omit<HealRunReport, 'clusterId'>

/**
 * One safe run: read, judge, plan, execute, verify, remember. It looks without the lock first, so that a run that finds
 * nothing to do and nothing to tell disturbs nobody; otherwise everything is done under the lock, after a second look.
 */
export async function runHeal(
  ports: HealRunPorts,
  options: HealRunOptions,
): Promise<HealRunReport> {
  const { clusterId } = options
  const holder = await ports.holder()
  if (holder !== null) return { clusterId, ...locked(holder) }
  const judged = await judgeNow(ports, options)
  if (!(await isAnythingToDo(ports, judged))) return { clusterId, ...ended(judged, []) }
  const result = await ports.underLock(() => act(ports, options))
  return { clusterId, ...('heldBy' in result ? locked(result.heldBy) : result) }
}

interface Judged extends HealJudgement {
  readonly look: HealLook
}

async function judgeNow(ports: HealRunPorts, { urpAlertAfterMs }: HealRunOptions): Promise<Judged> {
  const look = await ports.look()
  return { look, ...judgeHeal(look, { nowMs: ports.nowMs(), urpAlertAfterMs }) }
}

async function isAnythingToDo(ports: HealRunPorts, judged: Judged): Promise<boolean> {
  if (judged.next === 'maintenance') return false
  if (judged.next === 'heal' || judged.changes.size > 0) return true
  const begun = await ports.findBegun()
  if (begun?.isOurs === true) return true
  return judged.causes !== null && (await ports.areAlertsDue(judged.causes))
}

/** Everything that changes anything; the lock is held. */
async function act(ports: HealRunPorts, options: HealRunOptions): Promise<Result> {
  const begun = await ports.findBegun()
  const first = await judgeNow(ports, options)
  if (first.next === 'maintenance') return ended(first, [])
  const resumed = begun?.isOurs === true ? await ports.resume(begun.planId) : null
  const judged = resumed === null ? first : await judgeNow(ports, options)
  await ports.remember(judged.changes)
  if (resumed !== null && resumed.exit !== 'done') return incomplete(ports, judged, { resumed })
  const foreign = begun?.isOurs === false ? causeOfUnfinished(begun, judged) : []
  const alerts = await tell(ports, judged, foreign)
  if (judged.next !== 'heal') {
    if (resumed !== null) return healed({ judged, alerts, resumed, execution: null, file: null })
    return ended(judged, alerts)
  }
  const [standing] = foreign
  if (standing !== undefined) return blockedBy(standing, judged, alerts)
  return heal(ports, options, { judged, alerts, resumed })
}

function blockedBy(standing: AlertCause, judged: Judged, alerts: readonly RaisedAlert[]): Result {
  const { message } = standing
  return { ...ended(judged, alerts), message, causes: [...(judged.causes ?? []), standing] }
}

interface Acted {
  readonly judged: Judged
  readonly alerts: readonly RaisedAlert[]
  readonly resumed: ExecutionReport | null
}

async function heal(ports: HealRunPorts, options: HealRunOptions, acted: Acted): Promise<Result> {
  const { plan } = acted.judged.look
  // Before the execution: a run that is killed in it must not be followed by another heal at once.
  const times = { nowMs: ports.nowMs(), forMs: options.cooldownMs }
  await ports.remember(startCooldown(plan.id, options.actor, times))
  await ports.note(acted.judged.message, 'done')
  const { file, report } = await ports.execute(plan)
  const after = await judgeNow(ports, options)
  await ports.remember(after.changes)
  const execution = report
  if (report.exit !== 'done') {
    const result = await incomplete(ports, after, { resumed: acted.resumed, execution, file, plan })
    return { ...result, alerts: [...acted.alerts, ...result.alerts] }
  }
  const alerts = [...acted.alerts, ...(await tell(ports, after, []))]
  return healed({ judged: after, alerts, resumed: acted.resumed, execution, file, plan })
}

async function tell(
  ports: HealRunPorts,
  { causes }: Judged,
  more: readonly AlertCause[],
): Promise<readonly RaisedAlert[]> {
  if (causes === null) return []
  const alerts = await ports.raise([...causes, ...more])
  const news = alerts.filter(({ event }) => event !== 'repeated')
  const told = [...new Set(news.map(({ kind, subject, event }) => `${event} ${kind} ${subject}`))]
  if (told.length > 0) await ports.note(`alerts: ${told.join(', ')}`, 'done')
  return alerts
}

/** Somebody began an execution and left it: until it is resumed or cancelled, no other may begin. */
function causeOfUnfinished({ planId }: BegunExecution, { next }: Judged): readonly AlertCause[] {
  if (next !== 'heal') return []
  return [
    {
      kind: 'UNFINISHED_EXECUTION',
      subject: `plan ${planId}`,
      severity: 'warning',
      message: `plan ${planId} was begun and is not finished: nothing is healed before it is resumed or cancelled`,
      nextSteps: [`klinic reassign resume ${planId}`, `klinic reassign cancel ${planId}`],
    },
  ]
}

interface Finished extends Omit<Acted, 'resumed'> {
  readonly resumed: ExecutionReport | null
  readonly execution: ExecutionReport | null
  readonly file: string | null
  readonly plan?: Plan
}

function healed({ judged, alerts, resumed, execution, file, plan }: Finished): Result {
  const report = execution ?? resumed
  return {
    outcome: 'healed',
    exit: 'done',
    message: `plan ${report?.planId ?? ''}: ${report?.message ?? ''}`,
    plan: plan === undefined ? null : describePlan(plan, file),
    resumed,
    execution,
    causes: judged.causes ?? [],
    alerts,
  }
}

async function incomplete(
  ports: HealRunPorts,
  judged: Judged,
  done: {
    readonly resumed: ExecutionReport | null
    readonly execution?: ExecutionReport
    readonly file?: string
    readonly plan?: Plan
  },
): Promise<Result> {
  const { resumed, execution = null, file = null, plan } = done
  const report = execution ?? resumed
  const causes = [...(judged.causes ?? []), ...causeOfExecution(report)]
  const alerts = judged.causes === null ? [] : await ports.raise(causes)
  await ports.note(`plan ${report?.planId ?? ''}: ${report?.message ?? ''}`, 'failed')
  return {
    outcome: 'incomplete',
    exit: report?.exit ?? 'failed',
    message: `plan ${report?.planId ?? ''} was not carried out whole: ${report?.message ?? ''}`,
    plan: plan === undefined ? null : describePlan(plan, file),
    resumed,
    execution,
    causes,
    alerts,
  }
}

function ended({ next, message, causes, look }: Judged, alerts: readonly RaisedAlert[]): Result {
  const outcome: Exclude<HealRunOutcome, 'healed' | 'incomplete' | 'locked'> =
    next === 'heal' ? 'not-confident' : next
  return {
    outcome,
    exit: EXITS[outcome],
    message,
    plan: look.plan.steps.length === 0 ? null : describePlan(look.plan, null),
    resumed: null,
    execution: null,
    causes: causes ?? [],
    alerts,
  }
}

function locked({ user, host, pid, what, since }: LockHolder): Result {
  return {
    outcome: 'locked',
    exit: 'tryLater',
    message: `the cluster is held by ${user}@${host} (process ${pid}, ${what}) since ${since}`,
    plan: null,
    resumed: null,
    execution: null,
    causes: [],
    alerts: [],
  }
}

const describePlan = (
  { id, summary: { replicaMoves, bytesToMove } }: Plan,
  file: string | null,
): HealRunReport['plan'] => ({ id, file, replicaMoves, bytesToMove })
