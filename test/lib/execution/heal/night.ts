import { viewState } from '../../../../src/lib/coordination/view-state.js'
import type { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { isOfHealing } from '../../../../src/lib/execution/alerts/owners.js'
import { raiseAlerts, areAlertsDue } from '../../../../src/lib/execution/alerts/raise-alerts.js'
import {
  runHeal,
  type BegunExecution,
  type HealRunPorts,
} from '../../../../src/lib/execution/heal/run-heal.js'
import type { Finding } from '../../../../src/lib/model/finding.js'
import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import type { ExecutionReport } from '../../../../src/lib/plan/execution-report.js'
import type { HealRunReport } from '../../../../src/lib/plan/heal-run-report.js'
import type { JsonValue, Plan, Step } from '../../../../src/lib/plan/plan.js'
import type { AlertMessage } from '../../../../src/lib/ports/alerts.js'

const MINUTE = 60_000
const START = Date.UTC(2026, 10, 21)

/** What a heal plan made at some moment would say. */
export interface Scene {
  readonly findings?: readonly Finding[]
  readonly moves?: number
  readonly underReplicated?: number
}

/** A finding as the planner makes it. */
export const finding = (
  code: string,
  severity: Finding['severity'],
  subject = 'broker 3',
  partitions?: readonly string[],
): Finding => ({
  code,
  severity,
  subject,
  message: `${code} of ${subject}`,
  nextSteps: [],
  ...(partitions === undefined ? {} : { partitions }),
})

function snapshotOf({ underReplicated = 0 }: Scene): Snapshot {
  const partitions = Array.from({ length: 5 }, (_, id) => ({
    id,
    replicas: [1, 2],
    isr: id < underReplicated ? [1] : [1, 2],
    leader: 1,
  }))
  return {
    format: 'klinic.snapshot/1',
    cluster: { id: 'c1', metadata: 'kraft' },
    capturedAt: new Date(START).toISOString(),
    brokers: [1, 2, 3].map((id) => ({ id, host: 'h', port: 9092, state: 'alive' as const })),
    topics: [{ name: 'orders', partitions }],
  }
}

function planOf({ findings = [], moves = 0 }: Scene, id: number): Plan {
  const refused = findings.some(({ severity }) => severity === 'blocker')
  return {
    format: 'klinic.plan/1',
    id: `heal-${id}`,
    kind: 'heal',
    outcome: refused ? 'refused' : moves > 0 ? 'changes' : 'no-changes',
    complete: true,
    createdAt: new Date(START).toISOString(),
    cluster: { id: 'c1', fingerprint: '' },
    policy: {},
    steps: Array.from({ length: moves }, (_, step) => ({ id: step }) as Step),
    deferred: [],
    findings,
    summary: { replicaMoves: moves, leaderMoves: 0, bytesToMove: 0, brokers: [] },
  }
}

/** The report of an execution that ended like this. */
export function reportOf(planId: string, exit: ExecutionReport['exit'] = 'done'): ExecutionReport {
  return {
    executionId: planId,
    planId,
    clusterId: 'c1',
    outcome: exit === 'done' ? 'finished' : 'stopped',
    code: exit === 'done' ? 'FINISHED' : 'STALLED',
    message: exit === 'done' ? 'all moves done' : 'a target is gone',
    exit,
    moves: { total: 1, done: 1, undone: 0 },
    left: [],
  } as unknown as ExecutionReport
}

/** A cluster over a night: what there is to see by the minute, and what the runs of cron do about it. */
export class Night {
  readonly told: string[] = []
  readonly executed: string[] = []
  readonly resumed: string[] = []
  readonly notes: string[] = []
  readonly state = new Map<string, JsonValue>()
  begun: BegunExecution | null = null
  holder: string | null = null
  /** What stands in the way of a plan that was made. */
  refusal: OperatorError | null = null
  /** Why nothing may be moved at this time of the day. */
  outsideWindow: string | null = null
  locks = 0
  /** What an execution, or going on with one, throws; and what finding one that was begun throws. */
  failure: Error | null = null
  damage: OperatorError | null = null
  /** What an execution ends with, and what is to be seen after it. */
  execution: { readonly exit: ExecutionReport['exit']; readonly after: Scene } | null = null
  scene: Scene = {}
  minute = 0

  readonly options: { readonly urpAlertAfterMs: number; readonly cooldownMs: number }
  readonly brokenChannels: ReadonlySet<string>

  constructor(
    options = { urpAlertAfterMs: 120 * MINUTE, cooldownMs: 10 * MINUTE },
    brokenChannels: ReadonlySet<string> = new Set(),
  ) {
    this.options = options
    this.brokenChannels = brokenChannels
  }

  /** One run of cron, `minutes` after the last one. */
  async run(scene: Scene = this.scene, minutes = 1): Promise<HealRunReport> {
    this.minute += minutes
    this.scene = scene
    const actor = { user: 'cron', host: 'ops-1', pid: 1 }
    return runHeal(this.#ports(), { clusterId: 'c1', actor, ...this.options })
  }

  #ports(): HealRunPorts {
    const nowMs = (): number => START + this.minute * MINUTE
    const entries = () =>
      new Map([...this.state].map(([key, value]) => [key, { key, value, writtenAtMs: 0 }]))
    const write = (changes: ReadonlyMap<string, JsonValue | null>): Promise<void> => {
      for (const [key, value] of changes) {
        if (value === null) this.state.delete(key)
        else this.state.set(key, value)
      }
      return Promise.resolve()
    }
    const deliver = ({ event, kind, subject }: AlertMessage): Promise<void> => {
      if (this.brokenChannels.has('mail')) return Promise.reject(new Error('down'))
      this.told.push(`${this.minute} ${event} ${kind} ${subject}`)
      return Promise.resolve()
    }
    const alerts = {
      channels: [{ name: 'mail', deliver }],
      state: { read: () => Promise.resolve(entries()), write },
      clock: { nowMs },
      isOurs: isOfHealing,
      cooldownMs: 20 * MINUTE,
      cluster: { id: 'c1' },
      host: 'ops-1',
      redact: (text: string) => text,
      completeSteps: (steps: readonly string[]) => steps,
      warn: () => undefined,
    }
    return {
      nowMs,
      lockedBy: () => Promise.resolve(this.holder),
      underLock: (work) => {
        this.locks += 1
        return work({
          resume: (planId) => {
            this.resumed.push(planId)
            if (this.failure !== null) return Promise.reject(this.failure)
            this.begun = null
            return Promise.resolve(this.#end(planId))
          },
          prepare: ({ plan }) =>
            Promise.resolve(
              this.refusal ?? {
                plan,
                carryOut: () => {
                  this.executed.push(plan.id)
                  if (this.failure !== null) return Promise.reject(this.failure)
                  return Promise.resolve({ file: 'f', report: this.#end(plan.id) })
                },
              },
            ),
        })
      },
      look: () =>
        Promise.resolve({
          snapshot: snapshotOf(this.scene),
          plan: planOf(this.scene, this.minute),
          state: viewState(entries(), nowMs()),
          firstSeen: new Map(),
          outsideWindow: this.outsideWindow,
        }),
      findBegun: () =>
        this.damage === null ? Promise.resolve(this.begun) : Promise.reject(this.damage),
      areAlertsDue: (causes, keeping) => areAlertsDue(alerts, causes, keeping),
      raise: (causes, keeping) => {
        if (this.brokenChannels.has('state')) return Promise.reject(new Error('state is away'))
        return raiseAlerts(alerts, causes, keeping)
      },
      remember: write,
      note: (message) => {
        this.notes.push(message)
        return Promise.resolve()
      },
    }
  }

  #end(planId: string): ExecutionReport {
    const { exit, after } = this.execution ?? { exit: 'done' as const, after: {} }
    this.scene = after
    if (exit !== 'done') this.begun = { planId, isOurs: true }
    return reportOf(planId, exit)
  }
}
