import { describe, expect, it } from 'vitest'

import { foldJournal } from '../../../../src/lib/execution/reassign/execution-state.js'
import { DEFAULT_LIMITS } from '../../../../src/lib/execution/reassign/next-moves.js'
import type { RunSettings } from '../../../../src/lib/execution/reassign/run-types.js'
import { openSession, runSession } from '../../../../src/lib/execution/reassign/session.js'
import type { ExecutionReport } from '../../../../src/lib/plan/execution-report.js'
import { makeMove } from './builders.js'
import { SimulatedCluster } from './simulated/cluster.js'
import { openProcess, World, type Incident } from './simulated/ports.js'

const MOVES = [
  makeMove(0, [1, 2], [3, 2]),
  makeMove(1, [2, 3], [1, 3]),
  makeMove(2, [1, 3], [3, 1]),
]
const SETTINGS: RunSettings = {
  limits: { ...DEFAULT_LIMITS, partitions: 1 },
  throttleBytesPerSec: 5_000_000,
  besideOthers: false,
  forMs: null,
  patienceMs: 20_000,
  stallMs: 60_000,
}

interface Scene {
  readonly incidents?: readonly Incident[]
  readonly settings?: Partial<RunSettings>
  readonly stop?: AbortSignal
}

async function play({ incidents = [], settings = {}, stop }: Scene): Promise<{
  readonly report: ExecutionReport
  readonly cluster: SimulatedCluster
  readonly states: (string | undefined)[]
}> {
  const cluster = new SimulatedCluster('kraft', [1, 2, 3, 4], 2_000)
  for (const { partition, from } of MOVES) cluster.addPartition('orders', partition, from)
  const world = new World(cluster, [], incidents)
  world.records.push({
    type: 'started',
    format: 'klinic.journal/1',
    at: '2026-11-21T11:00:00.000Z',
    executionId: 'x.1',
    planSha256: '',
    plan: {
      format: 'klinic.plan/1',
      id: 'x',
      kind: 'balance',
      outcome: 'changes',
      complete: true,
      createdAt: '',
      cluster: { id: 'c', fingerprint: '' },
      policy: {},
      steps: [],
      deferred: [],
      findings: [],
      summary: { replicaMoves: 0, leaderMoves: 0, bytesToMove: 0, brokers: [] },
    },
    actor: { user: 'u', host: 'h', pid: 1 },
    options: {},
  })
  const session = openSession({
    ports: {
      ...openProcess(world, 0, false),
      stop: stop ?? new AbortController().signal,
      onEvent: () => undefined,
    },
    settings: { ...SETTINGS, ...settings },
    state: foldJournal(world.records)!,
    moves: MOVES,
    internalTopics: new Set(),
    rollbackFile: null,
  })
  const report = await runSession(session)
  const { moves } = foldJournal(world.records)!
  return { report, cluster, states: MOVES.map(({ step }) => moves.get(step)?.state) }
}

const at = (atMs: number, happen: Incident['happen']): Incident => ({ atMs, happen })

describe('when reality changes while a plan is carried out', () => {
  it('makes every move when nothing happens', async () => {
    const { report, cluster, states } = await play({})
    expect(report).toMatchObject({ exit: 'done', outcome: 'finished', differences: [], debts: [] })
    expect(states).toEqual(['done', 'done', 'done'])
    expect(cluster.partition('orders', 2)).toMatchObject({ replicas: [3, 1], leader: 3 })
    expect(cluster.configs.size).toBe(0)
  })

  it('finishes what is under way when asked to stop, and starts nothing more', async () => {
    const stop = new AbortController()
    const incidents = [at(500, () => stop.abort())]
    const { report, cluster, states } = await play({ incidents, stop: stop.signal })
    expect(report).toMatchObject({ exit: 'interrupted', outcome: 'interrupted' })
    expect(states).toEqual(['done', undefined, undefined])
    expect(report.left.map(({ partition }) => partition)).toEqual(['orders-1', 'orders-2'])
    expect(cluster.configs.size).toBe(0)
  })

  it('does the same when its time is up', async () => {
    const { report, states } = await play({ settings: { forMs: 1_000 } })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'TIME_IS_UP' })
    expect(states).toEqual(['done', undefined, undefined])
  })

  it('leaves out the moves of a topic that was deleted, and is done', async () => {
    const incidents = [at(500, (cluster) => cluster.topics.delete('orders'))]
    const { report } = await play({ incidents })
    expect(report).toMatchObject({ exit: 'done', outcome: 'finished', debts: [] })
    expect(report.skipped.map(({ reason }) => reason?.code)).toEqual([
      'TOPIC_DELETED',
      'TOPIC_DELETED',
      'TOPIC_DELETED',
    ])
  })

  it('touches no topic that was made again under the same name', async () => {
    const remake = (cluster: SimulatedCluster): void => {
      cluster.topics.delete('orders')
      for (const { partition, from } of MOVES) cluster.addPartition('orders', partition, from)
      cluster.topics.get('orders')!.id = 'another-id'
    }
    const { report, cluster } = await play({ incidents: [at(500, remake)] })
    expect(report.skipped).toHaveLength(3)
    expect(cluster.partition('orders', 1)?.replicas).toEqual([2, 3])
  })

  it('stops starting when somebody else moves a partition', async () => {
    const interfere = (cluster: SimulatedCluster): void => {
      cluster.addPartition('theirs', 0, [1])
      cluster.alter('theirs', 0, [4])
    }
    const { report, states } = await play({ incidents: [at(500, interfere)] })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'FOREIGN_OPERATOR' })
    expect(states).toEqual(['done', undefined, undefined])
    const beside = { incidents: [at(500, interfere)], settings: { besideOthers: true } }
    expect((await play(beside)).report.exit).toBe('done')
  })

  it('stops when somebody else gives a partition of the plan another target', async () => {
    const interfere = (cluster: SimulatedCluster): void => {
      cluster.alter('orders', 0, [4, 2])
    }
    const { report, cluster } = await play({ incidents: [at(500, interfere)] })
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'FOREIGN_OPERATOR' })
    expect(report.skipped).toMatchObject([{ partition: 'orders-0' }])
    expect(cluster.configs.size).toBe(0)
  })

  it('gives up on a target that stays down, with exit 7, and keeps no throttle but a debt', async () => {
    const incidents = [at(500, (cluster) => cluster.kill(3))]
    const { report, states } = await play({ incidents })
    expect(report).toMatchObject({ exit: 'needsPerson', code: 'BROKER_DOWN' })
    expect(states).toEqual(['copying', undefined, undefined])
    expect(report.debts.map(({ resource }) => resource.name)).toEqual(['3', '3'])
  })

  it('waits for a target that comes back', async () => {
    const incidents = [
      at(500, (cluster) => cluster.kill(3)),
      at(9_000, (cluster) => cluster.start(3)),
    ]
    expect((await play({ incidents })).report).toMatchObject({ exit: 'done', debts: [] })
  })
})
