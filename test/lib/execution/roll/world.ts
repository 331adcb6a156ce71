import type { ProcessIdentity } from '../../../../src/lib/execution/roll/read-service.js'
import type {
  HooksWhileDown,
  RollDeps,
  RollEvent,
  RollOptions,
} from '../../../../src/lib/execution/roll/roll-deps.js'
import { runRoll } from '../../../../src/lib/execution/roll/run-roll.js'
import { serviceCommands } from '../../../../src/lib/execution/roll/service-manager.js'
import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import type { RestartStep } from '../../../../src/lib/plan/plan.js'
import type { RemoteResult } from '../../../../src/lib/ports/hosts.js'

/** The brokers of the world. */
export const IDS = [1, 2, 3]
const result = (overrides: Partial<RemoteResult> = {}): RemoteResult => ({
  exitCode: 0,
  signal: null,
  stdout: '',
  stderr: '',
  truncated: false,
  timedOut: false,
  durationMs: 1,
  ...overrides,
})

/** The restart of one broker, alone. */
export const stepOf = (broker: number): RestartStep => ({
  id: broker,
  type: 'restart',
  broker,
  host: `h${broker}`,
  batch: broker,
  reason: { code: 'ALONE', text: '' },
  leaders: 1,
  replicas: 3,
  partitionsAtRisk: 0,
})

/** Three brokers on hosts that obey, with time that passes only when somebody sleeps. */
export class World {
  now = 0
  readonly log: string[] = []
  readonly events: RollEvent[] = []
  readonly pids = new Map(IDS.map((id) => [id, 1000 + id]))
  readonly hooks = new Map<string, number>()
  readonly abort = new AbortController()
  stopHangs = false
  onPreStartFailure: RollOptions['onPreStartFailure'] = 'start'
  drain = false
  minIsr = 2
  lags: number[] = []
  unknownGroups: string[] = []
  /** What the operator answers at a pause. */
  goesOn = false
  /** Lost connections to come: a status without an answer, or a channel that does not open. */
  lostAnswers = 0
  refusedChannels = 0
  diesAfterMs: number | null = null
  startedAt = new Map<number, number>()

  get options(): RollOptions {
    return {
      rollId: 'roll-1',
      times: {
        stopTimeoutMs: 20_000,
        startTimeoutMs: 30_000,
        hookTimeoutMs: 1_000,
        stallMs: 60_000,
        samples: 3,
        stableCleanMs: 4_000,
        stableUncleanMs: 20_000,
        sampleEveryMs: 2_000,
        minUptimeMs: 8_000,
        soakMs: 0,
        remoteTimeoutMs: 5_000,
      },
      hooks: Object.fromEntries([...this.hooks.keys()].map((hook) => [hook, `hook ${hook}`])),
      hooksRunLocally: false,
      onPreStartFailure: this.onPreStartFailure,
      isrMargin: 0,
      accepts: () => false,
      maxLeaderImbalance: 0.1,
      allowReassignments: false,
      electLeaders: true,
      drain: this.drain,
      keepOrder: false,
    }
  }

  private isUp(id: number): boolean {
    const since = this.startedAt.get(id)
    if (this.diesAfterMs !== null && since !== undefined && this.now - since >= this.diesAfterMs)
      this.pids.delete(id)
    return this.pids.has(id)
  }

  private sample(): Snapshot {
    const up = IDS.filter((id) => this.isUp(id))
    return {
      format: 'klinic.snapshot/1',
      cluster: { id: 'c', metadata: 'kraft', controller: 3 },
      capturedAt: '2026-11-21T11:00:00.000Z',
      brokers: up.map((id) => ({ id, host: 'h', port: 1, state: 'alive' })),
      topics: [
        {
          name: 'orders',
          minInsyncReplicas: this.minIsr,
          partitions: IDS.map((id) => ({
            id,
            replicas: [id, ...IDS.filter((x) => x !== id)],
            isr: up,
            leader: up.includes(id) ? id : (up[0] ?? null),
          })),
        },
      ],
    }
  }

  private remote(id: number, command: string): RemoteResult {
    if (command.startsWith('hook ')) {
      const hook = command.slice(5)
      this.log.push(`${hook} ${id}`)
      return result({ exitCode: this.hooks.get(hook) ?? 0, stdout: 'not now' })
    }
    if (command.startsWith('cat /proc/'))
      return result({
        stdout: `1 (java) S ${'0 '.repeat(18)}${this.startedAt.get(id) ?? 0} 0\n\n 5 5\n`,
      })
    if (command === 'stop') {
      this.log.push(`stop ${id}`)
      if (!this.stopHangs) this.pids.delete(id)
    } else if (command === 'start') {
      this.log.push(`start ${id}`)
      this.pids.set(id, (this.startedAt.get(id) ?? 2000) + id + 1)
      this.startedAt.set(id, this.now)
    } else if (this.lostAnswers > 0 && this.log.includes(`stop ${id}`)) {
      this.lostAnswers--
      return result({ exitCode: null })
    } else
      return this.isUp(id) ? result({ stdout: String(this.pids.get(id)) }) : result({ exitCode: 3 })
    return result()
  }

  deps(): RollDeps {
    return {
      clock: { nowMs: () => this.now, sleep: (ms) => ((this.now += ms), Promise.resolve()) },
      signal: this.abort.signal,
      connect: (id) =>
        Promise.resolve({
          host: `h${id}`,
          run: (command) =>
            this.log.includes(`stop ${id}`) && this.refusedChannels-- > 0
              ? Promise.reject(new Error('Not connected'))
              : Promise.resolve(this.remote(id, command)),
          close: () => Promise.resolve(),
        }),
      runLocally: () => Promise.resolve({ exitCode: 0, output: '' }),
      serviceOf: () =>
        serviceCommands('custom', '', { stop: 'stop', start: 'start', status: 'status' }),
      sample: () => Promise.resolve([this.sample(), this.sample()]),
      answers: (id) => Promise.resolve(this.isUp(id)),
      electPreferred: (partitions) => Promise.resolve(partitions.map(() => ({ status: 'ok' }))),
      record: ({ broker, phase, hook }) => (
        this.log.push(
          `${phase} ${broker}${hook === undefined ? '' : ` ${hook.name}=${hook.exitCode}`}`,
        ),
        Promise.resolve()
      ),
      quorum: () => Promise.resolve(null),
      say: (event) => void this.events.push(event),
      consumerLag: () => Promise.resolve(this.lags.shift() ?? null),
      reorder: (lists) => (
        this.log.push(`reorder ${lists.map(({ replicas }) => replicas.join('')).join(' ')}`),
        Promise.resolve(lists.map(() => ({ status: 'ok' })))
      ),
      consumersWaitFor: () => Promise.resolve(null),
      unknownGroups: () => Promise.resolve(this.unknownGroups),
      appendRates: () => Promise.resolve(new Map(IDS.map((id) => [id, 10 * id]))),
      askToGoOn: (question) => (this.log.push(question), Promise.resolve(this.goesOn)),
    }
  }

  run(
    batches: readonly (readonly number[])[] = [[1], [2], [3]],
    canary?: number,
    interrupted?: ReadonlyMap<number, ProcessIdentity | null>,
    hooksBefore?: ReadonlyMap<number, HooksWhileDown>,
  ): ReturnType<typeof runRoll> {
    const steps = batches.flatMap((ids, index) =>
      ids.map((broker) => ({ ...stepOf(broker), batch: index + 1 })),
    )
    return runRoll(this.deps(), {
      steps,
      baseline: { brokers: IDS, topics: 1 },
      options: this.options,
      activeController: () => Promise.resolve(3),
      ...(canary === undefined ? {} : { canary }),
      ...(interrupted === undefined ? {} : { interrupted }),
      ...(hooksBefore === undefined ? {} : { hooksBefore }),
    })
  }
}
