import { OperatorError } from '../../errors/operator-error.js'
import type { AlertCause, RaisedAlert } from '../../model/alert.js'
import type { Actor } from '../../plan/actor.js'
import type { Keeping } from '../alerts/raise-alerts.js'
import type { ExecutionReport } from '../../plan/execution-report.js'
import type { HealRunReport } from '../../plan/heal-run-report.js'
import type { JsonValue, Plan } from '../../plan/plan.js'
import {
  describeEnd,
  describeExecution,
  describeLocked,
  describeRefusal,
  describeReport,
  type HealRunResult,
} from './describe-run.js'
import { judgeHeal, startCooldown, type HealJudgement, type HealLook } from './judge-heal.js'
import { causeOfExecution, causeOfRefusal, causesOfError } from './name-causes.js'

/** An execution that is not finished, wherever it was begun. */
export interface BegunExecution {
  readonly planId: string
  /** Begun by a heal run: ours to go on with. */
  readonly isOurs: boolean
}

/** A plan that was held against the cluster: ready to be carried out. */
export interface PreparedHeal {
  readonly plan: Plan
  carryOut(): Promise<{ readonly file: string; readonly report: ExecutionReport }>
}

/** What may be done while the lock is held. */
export interface HeldPorts {
  resume(planId: string): Promise<ExecutionReport>
  /** Checks the guards; the error says what stands in the way. Changes nothing. */
  prepare(look: HealLook): Promise<PreparedHeal | OperatorError>
}

/** What a run reaches the world through. */
export interface HealRunPorts {
  nowMs(): number
  /** Who works on the cluster, as a sentence, at once; null when nobody does. */
  lockedBy(): Promise<string | null>
  /** Runs `work` under the cluster's lock, or says who has it. */
  underLock<T>(work: (held: HeldPorts) => Promise<T>): Promise<T | { readonly lockedBy: string }>
  /** Reads cluster and state, and plans. */
  look(): Promise<HealLook>
  findBegun(): Promise<BegunExecution | null>
  areAlertsDue(causes: readonly AlertCause[], keeping: Keeping): Promise<boolean>
  /** `causes`: all that hold; what was told before, is not among them and is not to be kept is over. */
  raise(causes: readonly AlertCause[], keeping: Keeping): Promise<readonly RaisedAlert[]>
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

/**
 * One safe run: read, judge, plan, execute, verify, remember. It looks without the lock first, so that a run that finds
 * nothing to do and nothing to tell disturbs nobody; otherwise everything is done under the lock, after a second look.
 */
export async function runHeal(
  ports: HealRunPorts,
  options: HealRunOptions,
): Promise<HealRunReport> {
  const { clusterId } = options
  const lockedBy = await ports.lockedBy()
  if (lockedBy !== null) return { clusterId, ...describeLocked(lockedBy) }
  const judged = await judgeNow(ports, options)
  if (!(await isAnythingToDo(ports, judged))) return { clusterId, ...describeEnd(judged, []) }
  const result = await ports.underLock((held) => new HeldRun(ports, options, held, judged).run())
  return { clusterId, ...('lockedBy' in result ? describeLocked(result.lockedBy) : result) }
}

/** A judgement with the look that it rests on. */
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
  // One that cannot be read is told of under the lock.
  const isOurs = await ports.findBegun().then(
    (begun) => begun?.isOurs === true,
    () => true,
  )
  if (isOurs) return true
  if (judged.causes === null) return false
  return ports.areAlertsDue(judged.causes, { attempts: isHealWanted(judged) })
}

/** While there is nothing to heal, no earlier failure to do so matters any more. */
const isHealWanted = ({ look }: Judged): boolean => look.plan.outcome !== 'no-changes'

/** The part of a run that changes something. */
class HeldRun {
  readonly #ports: HealRunPorts
  readonly #options: HealRunOptions
  readonly #held: HeldPorts
  readonly #alerts: RaisedAlert[] = []
  #latest: Judged
  #resumed: ExecutionReport | null = null
  #isAttempting = false

  constructor(ports: HealRunPorts, options: HealRunOptions, held: HeldPorts, judged: Judged) {
    this.#ports = ports
    this.#options = options
    this.#held = held
    this.#latest = judged
  }

  /** The run to its end; an error that ends it is told to people as well: under cron it would come back each minute, unseen. */
  async run(): Promise<HealRunResult> {
    try {
      return await this.#toEnd()
    } catch (error) {
      // Why the run ended counts more than that nobody could be told.
      const causes = causesOfError(error)
      const isNews = this.#isAttempting && causes.length > 0
      const marked = isNews
        ? causes.map((cause) => ({ ...cause, ofAttempt: true as const }))
        : causes
      await this.#tell(this.#latest, marked, { attempts: !isNews }).catch(() => undefined)
      throw error
    }
  }

  /** Work whose failure is not over before it has been tried again. */
  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    this.#isAttempting = true
    const result = await work()
    this.#isAttempting = false
    return result
  }

  async #toEnd(): Promise<HealRunResult> {
    const begun = await this.#ports.findBegun()
    const judged = await this.#look()
    if (judged.next === 'maintenance') return describeEnd(judged, [])
    if (begun?.isOurs !== true) return this.#decide(judged, begun)
    const { outsideWindow } = judged.look
    if (outsideWindow === null) return this.#resume(begun.planId)
    return this.#leave({ ...judged, next: 'outside-window', message: outsideWindow }, true)
  }

  async #resume(planId: string): Promise<HealRunResult> {
    const report = await this.#attempt(() => this.#held.resume(planId))
    this.#resumed = report
    const judged = await this.#look()
    if (report.exit !== 'done') return this.#conclude(judged, { execution: null })
    if (judged.next === 'heal') return this.#decide(judged, null)
    await this.#tell(judged, [], { attempts: false })
    return this.#conclude(judged, { execution: null })
  }

  /** Tells what is to be told, and changes nothing. What an earlier attempt came to still holds where one is wanted. */
  async #leave(judged: Judged, isWanted: boolean): Promise<HealRunResult> {
    await this.#tell(judged, [], { attempts: isWanted })
    return describeEnd(judged, this.#alerts)
  }

  async #decide(judged: Judged, begun: BegunExecution | null): Promise<HealRunResult> {
    if (judged.next !== 'heal') return this.#leave(judged, isHealWanted(judged))
    const keeping = { attempts: this.#resumed === null }
    const prepared = begun === null ? await this.#held.prepare(judged.look) : unfinished(begun)
    if (prepared instanceof Error) {
      const cause = causeOfRefusal(prepared)
      await this.#tell(judged, [cause], keeping)
      return describeRefusal(prepared, describeEnd(judged, this.#alerts), cause)
    }
    await this.#tell(judged, [], keeping)
    return this.#heal(judged, prepared)
  }

  async #heal(judged: Judged, prepared: PreparedHeal): Promise<HealRunResult> {
    const { plan } = prepared
    const { actor, cooldownMs } = this.#options
    // Before the execution: a run that is killed in it must not be followed by another heal at once.
    const times = { nowMs: this.#ports.nowMs(), forMs: cooldownMs }
    await this.#ports.remember(startCooldown(plan.id, actor, times))
    await this.#ports.note(judged.message, 'done')
    const { file, report } = await this.#attempt(() => prepared.carryOut())
    const after = await this.#look()
    if (report.exit === 'done') await this.#tell(after, [], { attempts: false })
    return this.#conclude(after, { execution: report, plan, file })
  }

  /** The end of a run in which an execution had its part, whole or not. */
  async #conclude(
    judged: Judged,
    done: {
      readonly execution: ExecutionReport | null
      readonly plan?: Plan
      readonly file?: string
    },
  ): Promise<HealRunResult> {
    const report = done.execution ?? this.#resumed
    const causes = causeOfExecution(report)
    if (causes.length > 0) await this.#tell(judged, causes, { attempts: false })
    if (report?.exit !== 'done') await this.#ports.note(describeReport(report), 'failed')
    return describeExecution(
      judged,
      { ...done, resumed: this.#resumed, alerts: this.#alerts },
      causes,
    )
  }

  /** Looks once more, and keeps what is to be remembered of it. */
  async #look(): Promise<Judged> {
    const judged = await judgeNow(this.#ports, this.#options)
    this.#latest = judged
    if (judged.changes.size > 0) await this.#ports.remember(judged.changes)
    return judged
  }

  async #tell({ causes }: Judged, more: readonly AlertCause[], keeping: Keeping): Promise<void> {
    if (causes === null) return
    const alerts = await this.#ports.raise([...causes, ...more], keeping)
    this.#alerts.push(...alerts)
    const news = alerts.filter(({ event }) => event !== 'repeated')
    const told = new Set(news.map(({ kind, subject, event }) => `${event} ${kind} ${subject}`))
    if (told.size > 0) await this.#ports.note(`alerts: ${[...told].join(', ')}`, 'done')
  }
}

/** Somebody began an execution and left it: until it is resumed or cancelled, no other may begin. */
function unfinished({ planId }: BegunExecution): OperatorError {
  return new OperatorError({
    code: 'UNFINISHED_EXECUTION',
    message: `plan ${planId} was begun and is not finished: nothing is healed before it is resumed or cancelled`,
    nextSteps: [`klinic reassign resume ${planId}`, `klinic reassign cancel ${planId}`],
    exit: 'refused',
  })
}
