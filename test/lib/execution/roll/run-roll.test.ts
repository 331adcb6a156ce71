import { beforeEach, describe, expect, it } from 'vitest'

import type {
  RollDeps,
  RollEvent,
  RollOptions,
} from '../../../../src/lib/execution/roll/roll-deps.js'
import type { ProcessIdentity } from '../../../../src/lib/execution/roll/read-service.js'
import { judgeQuorum } from '../../../../src/lib/execution/roll/judge-quorum.js'
import { runRoll } from '../../../../src/lib/execution/roll/run-roll.js'
import { serviceCommands } from '../../../../src/lib/execution/roll/service-manager.js'
import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import type { RestartStep } from '../../../../src/lib/plan/plan.js'
import type { RemoteResult } from '../../../../src/lib/ports/hosts.js'

const IDS = [1, 2, 3]
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

/** Three brokers on hosts that obey, with time that passes only when somebody sleeps. */
class World {
  now = 0
  readonly log: string[] = []
  readonly events: RollEvent[] = []
  readonly pids = new Map(IDS.map((id) => [id, 1000 + id]))
  readonly hooks = new Map<string, number>()
  readonly abort = new AbortController()
  stopHangs = false
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
      onPreStartFailure: 'start',
      isrMargin: 0,
      accepts: () => false,
      maxLeaderImbalance: 0.1,
      allowReassignments: false,
      electLeaders: true,
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
          minInsyncReplicas: 2,
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
          run: (command) => Promise.resolve(this.remote(id, command)),
          close: () => Promise.resolve(),
        }),
      runLocally: () => Promise.resolve({ exitCode: 0, output: '' }),
      serviceOf: () =>
        serviceCommands('custom', '', { stop: 'stop', start: 'start', status: 'status' }),
      sample: () => Promise.resolve([this.sample(), this.sample()]),
      answers: (id) => Promise.resolve(this.isUp(id)),
      electPreferred: (partitions) => Promise.resolve(partitions.map(() => ({ status: 'ok' }))),
      record: ({ broker, phase }) => (this.log.push(`${phase} ${broker}`), Promise.resolve()),
      quorum: () => Promise.resolve(null),
      say: (event) => void this.events.push(event),
      consumersWaitFor: () => Promise.resolve(null),
    }
  }

  run(
    batches: readonly (readonly number[])[] = [[1], [2], [3]],
    canary?: number,
    interrupted?: ReadonlyMap<number, ProcessIdentity | null>,
  ) {
    const steps = batches.flatMap((ids, index) =>
      ids.map((broker): RestartStep => ({
        id: broker,
        type: 'restart',
        broker,
        host: `h${broker}`,
        batch: index + 1,
        reason: { code: 'ALONE', text: '' },
        leaders: 1,
        replicas: 3,
        partitionsAtRisk: 0,
      })),
    )
    return runRoll(this.deps(), {
      steps,
      baseline: { brokers: IDS, topics: 1 },
      options: this.options,
      activeController: () => Promise.resolve(3),
      ...(canary === undefined ? {} : { canary }),
      ...(interrupted === undefined ? {} : { interrupted }),
    })
  }
}

let world: World
const acts = () => world.log.filter((line) => /^(stop|start) /.test(line))

beforeEach(() => {
  world = new World()
})

describe('a rolling restart', () => {
  it('restarts every broker once, in order, each phase written down before it begins', async () => {
    const outcome = await world.run()
    expect(outcome.failure).toBeNull()
    expect(acts()).toEqual(['stop 1', 'start 1', 'stop 2', 'start 2', 'stop 3', 'start 3'])
    expect(world.log.slice(0, 8)).toEqual([
      'gate 1',
      'stopping 1',
      'stop 1',
      'stopped 1',
      'starting 1',
      'start 1',
      'started 1',
      'recovered 1',
    ])
    expect(outcome.brokers.map((broker) => broker.result)).toEqual([
      'restarted',
      'restarted',
      'restarted',
    ])
  })

  it('puts the active controller last even when the plan did not', async () => {
    await world.run([[3], [1], [2]])
    expect(acts().at(-1)).toBe('start 3')
  })

  it('stops before the stop when the pre-stop hook says no', async () => {
    world.hooks.set('pre-stop', 7)
    const outcome = await world.run()
    expect(outcome.failure).toMatchObject({ code: 'HOOK_SAID_NO', exit: 'hookSaidNo' })
    expect(outcome.failure?.message).toContain('exited 7: not now')
    expect(acts()).toEqual([])
  })

  it('starts the broker all the same when the pre-start hook fails, and goes no further', async () => {
    world.hooks.set('pre-start', 1)
    const outcome = await world.run()
    expect(outcome.failure).toMatchObject({ exit: 'hookSaidNo' })
    expect(acts()).toEqual(['stop 1', 'start 1'])
    expect(world.log).toContain('recovered 1')
    expect(outcome.brokers.map((broker) => broker.result)).toEqual([
      'failed',
      'not-started',
      'not-started',
    ])
  })

  it('says that a broker is still running when its stop hangs, and touches no other', async () => {
    world.stopHangs = true
    const outcome = await world.run()
    expect(outcome.failure).toMatchObject({ code: 'STOP_TIMED_OUT', exit: 'needsPerson' })
    expect(outcome.failure?.message).toContain('still running (pid 1001) after 20 s')
    expect(acts()).toEqual(['stop 1'])
  })

  it('sees a JVM that dies after a start that looked good, and touches no other', async () => {
    world.diesAfterMs = 5_000
    const outcome = await world.run()
    expect(outcome.failure).toMatchObject({ code: 'BROKER_DOWN', exit: 'needsPerson' })
    expect(acts()).toEqual(['stop 1', 'start 1'])
  })

  it('does not stop a batch together that would leave too few in sync', async () => {
    const outcome = await world.run([[1, 2], [3]])
    expect(outcome.failure).toMatchObject({ code: 'GATE_STALLED', exit: 'stoppedHalfWay' })
    expect(outcome.failure?.message).toContain('min ISR 2')
    expect(acts()).toEqual([])
  })

  it('stops after the canary and leaves the rest for a resume', async () => {
    const outcome = await world.run(undefined, 1)
    expect(outcome.failure).toBeNull()
    expect(outcome.brokers.map((broker) => broker.result)).toEqual([
      'restarted',
      'not-started',
      'not-started',
    ])
  })

  it('finishes the broker in hand when interrupted, then stops', async () => {
    const deps = world.deps()
    const record = deps.record.bind(deps)
    const outcome = await runRoll(
      {
        ...deps,
        record: (fact) => (fact.phase === 'stopping' && world.abort.abort(), record(fact)),
      },
      {
        steps: IDS.map((broker) => ({
          id: broker,
          type: 'restart',
          broker,
          host: 'h',
          batch: broker,
          reason: { code: 'ALONE', text: '' },
          leaders: 1,
          replicas: 3,
          partitionsAtRisk: 0,
        })),
        baseline: { brokers: IDS, topics: 1 },
        options: world.options,
        activeController: () => Promise.resolve(3),
      },
    )
    expect(outcome.failure).toMatchObject({ code: 'ROLL_INTERRUPTED', exit: 'interrupted' })
    expect(acts()).toEqual(['stop 1', 'start 1'])
    expect(world.log.at(-1)).toBe('done 1')
  })
})

describe('a resumed rolling restart', () => {
  const process = { pid: 1002, startTicks: '0' }

  it('starts a broker that was left down before it touches another', async () => {
    world.pids.delete(2)
    const outcome = await world.run([[2], [3]], undefined, new Map([[2, process]]))
    expect(outcome.failure).toBeNull()
    expect(acts()).toEqual(['start 2', 'stop 3', 'start 3'])
  })

  it('only watches a broker that was started since', async () => {
    world.pids.set(2, 4711)
    await world.run([[3], [2]], undefined, new Map([[2, process]]))
    expect(acts()).toEqual(['stop 3', 'start 3'])
    expect(world.log.indexOf('done 2')).toBeLessThan(world.log.indexOf('stop 3'))
  })

  it('restarts a broker whose old process was never stopped', async () => {
    await world.run([[2]], undefined, new Map([[2, process]]))
    expect(acts()).toEqual(['stop 2', 'start 2'])
  })
})

describe('the quorum rule', () => {
  const voters = (...ends: readonly number[]) => ({
    leaderId: 1,
    leaderEpoch: 1,
    voters: ends.map((logEndOffset, index) => ({ id: index + 1, logEndOffset })),
    observers: [],
  })

  it('wants a majority of all voters caught up without the node that stops', () => {
    expect(judgeQuorum(voters(5_000, 5_000, 5_000), new Set([1]))).toEqual([])
    expect(judgeQuorum(voters(5_000, 5_000, 10), new Set([1]))).toMatchObject([{ rule: 'QUORUM' }])
    expect(judgeQuorum(voters(5_000, 5_000, 10), new Set([3]))).toEqual([])
    expect(judgeQuorum(voters(5_000, 5_000), new Set([2]))).toMatchObject([{ rule: 'QUORUM' }])
  })

  it('has nothing to say of a node that is no voter, a single voter, or ZooKeeper', () => {
    expect(judgeQuorum(voters(5_000, 10, 10), new Set([9]))).toEqual([])
    expect(judgeQuorum(voters(5_000), new Set([1]))).toEqual([])
    expect(judgeQuorum(null, new Set([1]))).toEqual([])
  })
})
