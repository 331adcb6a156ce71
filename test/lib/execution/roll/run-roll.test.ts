import { beforeEach, describe, expect, it } from 'vitest'

import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { judgeQuorum, keepsUp } from '../../../../src/lib/execution/roll/judge-quorum.js'
import { runRoll } from '../../../../src/lib/execution/roll/run-roll.js'
import { IDS, stepOf, World } from './world.js'

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

  it('does not take a lost connection for a stopped broker', async () => {
    world.stopHangs = true
    world.lostAnswers = 2
    const outcome = await world.run()
    expect(outcome.failure).toMatchObject({ code: 'STATUS_UNREADABLE', exit: 'needsPerson' })
    expect(outcome.failure?.message).toContain('broker 1 may be down')
    expect(acts()).toEqual(['stop 1'])
  })

  it('connects anew where a connection was lost while a broker is down', async () => {
    world.lostAnswers = 1
    world.refusedChannels = 1
    const outcome = await world.run([[1]])
    expect(outcome.failure).toBeNull()
    expect(acts()).toEqual(['stop 1', 'start 1'])
  })

  it('needs a person when nobody can say whether the broker that was started answers, whatever the reason', async () => {
    const deps = world.deps()
    const tooOld = { code: 'KAFKA_TOO_OLD', message: 'h1 runs Kafka 0.8', exit: 'failed' } as const
    const answers = (id: number) =>
      world.log.includes('start 1') ? Promise.reject(new OperatorError(tooOld)) : deps.answers(id)
    const outcome = await runRoll(
      { ...deps, answers },
      {
        steps: [stepOf(1)],
        baseline: { brokers: IDS, topics: 1 },
        options: world.options,
        activeController: () => Promise.resolve(3),
      },
    )
    expect(outcome.failure).toMatchObject({ code: 'KAFKA_TOO_OLD', exit: 'needsPerson' })
    expect(outcome.failure?.message).toContain('broker 1 may be down')
  })

  it('keeps an error that nobody thought of to the broker that met it', async () => {
    const steps = [1, 2].map((broker) => ({ ...stepOf(broker), batch: 1 }))
    const deps = world.deps()
    const outcome = await runRoll(
      {
        ...deps,
        connect: (id) => (id === 1 ? Promise.reject(new TypeError('boom')) : deps.connect(id)),
      },
      {
        steps,
        baseline: { brokers: IDS, topics: 0 },
        options: { ...world.options, accepts: () => true },
        activeController: () => Promise.resolve(3),
      },
    )
    expect(outcome.failure).toMatchObject({ code: 'UNEXPECTED', exit: 'needsPerson' })
    expect(outcome.brokers).toHaveLength(2)
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

  it('tells what it did when nobody says any more who the controller is', async () => {
    const lost = new OperatorError({
      code: 'CLUSTER_UNREACHABLE',
      message: 'm',
      exit: 'unreachable',
    })
    const outcome = await runRoll(world.deps(), {
      steps: IDS.map(stepOf),
      baseline: { brokers: IDS, topics: 1 },
      options: world.options,
      activeController: () =>
        world.log.includes('done 1') ? Promise.reject(lost) : Promise.resolve(3),
    })
    expect(outcome.failure).toBe(lost)
    expect(outcome.brokers.map(({ result }) => result)).toEqual([
      'restarted',
      'not-started',
      'not-started',
    ])
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
        steps: IDS.map(stepOf),
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

  it('counts as caught up who was level within the fetch timeout, where times are told', () => {
    const timed = (...agesMs: readonly number[]) => ({
      ...voters(9, 9, 9),
      voters: agesMs.map((age, index) => ({
        id: index + 1,
        logEndOffset: 9,
        lastCaughtUpMs: 1_000_000 - age,
      })),
    })
    expect(judgeQuorum(timed(0, 500, 900), new Set([2]))).toEqual([])
    expect(judgeQuorum(timed(0, 500, 9_000), new Set([2]))).toMatchObject([{ rule: 'QUORUM' }])
    expect(keepsUp(timed(0, 500, 9_000), 3)).toBe(false)
    expect(keepsUp(timed(0, 500, 900), 3)).toBe(true)
  })

  it('waits for a quorum that nobody tells of, instead of taking it for none', () => {
    expect(judgeQuorum('unknown', new Set([1]))).toMatchObject([{ rule: 'QUORUM' }])
    expect(judgeQuorum('unknown', new Set())).toEqual([])
    expect(keepsUp('unknown', 1)).toBe(false)
  })

  it('has nothing to say of a node that is no voter, a single voter, or ZooKeeper', () => {
    expect(judgeQuorum(voters(5_000, 10, 10), new Set([9]))).toEqual([])
    expect(judgeQuorum(voters(5_000), new Set([1]))).toEqual([])
    expect(judgeQuorum(null, new Set([1]))).toEqual([])
  })
})
