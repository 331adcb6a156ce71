import { viewState } from '../../../../src/lib/coordination/view-state.js'
import {
  runReplacement,
  type ReplacePorts,
  type ReplaceRequest,
} from '../../../../src/lib/execution/replace/run-replacement.js'
import { diagnose } from '../../../../src/lib/health/diagnose.js'
import type { BrokerEvidence } from '../../../../src/lib/model/evidence.js'
import type { Broker, Snapshot } from '../../../../src/lib/model/snapshot.js'
import type { ExecutionReport } from '../../../../src/lib/plan/execution-report.js'
import type { JsonValue } from '../../../../src/lib/plan/plan.js'
import type { ReplaceReport } from '../../../../src/lib/plan/replace-report.js'
import type { ProgramResult } from '../../../../src/lib/ports/programs.js'

export const NOW = Date.UTC(2026, 10, 21)
export const HOUR = 3_600_000

const longAgo = new Date(NOW - HOUR).toISOString()
/** Nothing of it is there, and has not been for an hour. */
export const GONE: BrokerEvidence = {
  registered: 'no',
  port: 'refused',
  api: 'UNREACHABLE',
  awayAt: longAgo,
}
const WELL: BrokerEvidence = { registered: 'yes', port: 'open', api: 'answered' }

/** Three brokers that share three partitions; broker 3 is the one to be replaced. */
export function clusterWith(
  patients: Readonly<Record<number, Partial<Broker>>> = {},
  partitions: Snapshot['topics'][number]['partitions'] = [
    { id: 0, replicas: [1, 2, 3], isr: [1, 2, 3], leader: 1 },
    { id: 1, replicas: [2, 3, 1], isr: [1, 2, 3], leader: 2 },
    { id: 2, replicas: [3, 1, 2], isr: [1, 2, 3], leader: 3 },
  ],
): Snapshot {
  return {
    format: 'klinic.snapshot/1',
    cluster: { id: 'c1', metadata: 'kraft' },
    capturedAt: new Date(NOW).toISOString(),
    brokers: [1, 2, 3].map((id) => ({
      id,
      host: `kafka-${id}`,
      port: 9092,
      state: 'alive' as const,
      evidence: WELL,
      ...patients[id],
    })),
    topics: [{ name: 'orders', minInsyncReplicas: 2, partitions }],
  }
}

/** A cluster whose broker 3 is dead, as its partitions show it. */
export const withDeadBroker = (): Snapshot =>
  clusterWith({ 3: { state: 'dead', evidence: GONE } }, [
    { id: 0, replicas: [1, 2, 3], isr: [1, 2], leader: 1 },
    { id: 1, replicas: [2, 3, 1], isr: [1, 2], leader: 2 },
  ])

/** A script that ended like this. */
export const scriptResult = (more: Partial<ProgramResult> = {}): ProgramResult => ({
  exitCode: 0,
  signal: null,
  timedOut: false,
  output: 'terminated i-123\nstarted i-456\n',
  truncated: false,
  durationMs: 61_000,
  ...more,
})

/** Where replacements are tried without a cluster: state, journal, and what the script and the drain come to. */
export class Workshop {
  readonly state = new Map<string, JsonValue>()
  readonly notes: string[] = []
  /** What people were told at the end of each replacement. */
  readonly told: (readonly string[])[] = []
  readonly ran: Readonly<Record<string, string>>[] = []
  drained = 0
  script = scriptResult()
  drain: ExecutionReport | null = { exit: 'done', message: 'all done' } as ExecutionReport
  snapshots: Snapshot[]
  living = new Set<string>()
  /** Called while the script runs. */
  during: () => void = () => undefined
  nowMs = NOW

  constructor(...snapshots: Snapshot[]) {
    this.snapshots = snapshots
  }

  run(request: Partial<ReplaceRequest> = {}): Promise<ReplaceReport> {
    return runReplacement(this.#ports(), {
      id: 'replace-3-x',
      clusterId: 'c1',
      broker: 3,
      reason: 'degraded',
      argv: ['/opt/replace', '--now'],
      timeoutMs: 60_000,
      cooldownMs: 12 * HOUR,
      lifts: new Set(),
      again: false,
      actor: { user: 'anna', host: 'ops-1', pid: 1 },
      ...request,
    })
  }

  #ports(): ReplacePorts {
    return {
      nowMs: () => this.nowMs,
      look: () => {
        const snapshot = this.snapshots.length > 1 ? this.snapshots.shift()! : this.snapshots[0]!
        const entries = new Map(
          [...this.state].map(([key, value]) => [key, { key, value, writtenAtMs: 0 }]),
        )
        const state = viewState(entries, this.nowMs)
        const { verdicts } = diagnose(snapshot)
        const address = snapshot.brokers.find(({ id }) => id === 3)!
        return Promise.resolve({
          snapshot,
          verdicts,
          state,
          replacement: state.replacement,
          address,
        })
      },
      tell: (causes) => {
        this.told.push(
          causes.map(({ kind, subject, severity }) => `${severity} ${kind} ${subject}`),
        )
        return Promise.resolve()
      },
      prove: () => Promise.resolve(),
      isGone: (witness) => Promise.resolve(!this.living.has(witness)),
      drain: () => {
        this.drained += 1
        return Promise.resolve(this.drain)
      },
      run: async (env, onStarted) => {
        await onStarted('boot 4711 99')
        this.ran.push(env)
        this.during()
        return this.script
      },
      remember: (changes) => {
        for (const [key, value] of changes) {
          if (value === null) this.state.delete(key)
          else this.state.set(key, value)
        }
        return Promise.resolve()
      },
      note: (message, outcome) => {
        this.notes.push(`${outcome}: ${message}`)
        return Promise.resolve()
      },
    }
  }
}
