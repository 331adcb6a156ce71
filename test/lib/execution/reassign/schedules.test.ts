import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { cancelSession } from '../../../../src/lib/execution/reassign/cancel.js'
import { endOfCleanup } from '../../../../src/lib/execution/reassign/cleanup.js'
import { foldJournal, isOver } from '../../../../src/lib/execution/reassign/execution-state.js'
import { movesOf, type Move } from '../../../../src/lib/execution/reassign/moves.js'
import { DEFAULT_LIMITS } from '../../../../src/lib/execution/reassign/next-moves.js'
import type { RunSettings } from '../../../../src/lib/execution/reassign/run-types.js'
import {
  concludeSession,
  openSession,
  runSession,
  type OpenSession,
} from '../../../../src/lib/execution/reassign/session.js'
import type { Plan } from '../../../../src/lib/plan/plan.js'
import type { ClusterWriter } from '../../../../src/lib/ports/cluster-writer.js'
import type { StartedRecord } from '../../../../src/lib/ports/journal.js'
import { SimulatedCluster } from './simulated/cluster.js'
import { Killed, openProcess, World, type Fate } from './simulated/ports.js'

const BROKERS = [1, 2, 3, 4, 5]
const RUNS = Number(process.env['KLINIC_SCHEDULES'] ?? 250)
const SETTINGS: RunSettings = {
  limits: { ...DEFAULT_LIMITS, partitions: 4, inPerBroker: 2, outPerBroker: 2 },
  throttleBytesPerSec: 5_000_000,
  besideOthers: false,
  forMs: null,
  patienceMs: 60_000,
  stallMs: 600_000,
}

const replicaList = fc
  .shuffledSubarray(BROKERS, { minLength: 2, maxLength: 3 })
  .map((list) => [...list])
const partitionMove = fc.record({ from: replicaList, to: replicaList })
const fate = fc.constantFrom<Fate>(
  'fine',
  'fine',
  'fine',
  'answer lost',
  'request lost',
  'late',
  'doubled',
  'no controller',
)

const schedule = fc.record({
  mode: fc.constantFrom('kraft' as const, 'zookeeper' as const),
  moves: fc.array(partitionMove, { minLength: 1, maxLength: 8 }),
  fates: fc.array(fate, { maxLength: 20 }),
  kills: fc.array(fc.record({ at: fc.integer({ min: 1, max: 25 }), before: fc.boolean() }), {
    maxLength: 5,
  }),
  outage: fc.option(
    fc.record({
      broker: fc.constantFrom(...BROKERS),
      atMs: fc.integer({ min: 0, max: 8_000 }),
      forMs: fc.integer({ min: 100, max: 30_000 }),
    }),
  ),
  foreignRate: fc.boolean(),
  foreignList: fc.boolean(),
  copyMs: fc.integer({ min: 0, max: 4_000 }),
})

type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never

function planFor(moves: Schedule['moves']): Plan {
  return {
    format: 'klinic.plan/1',
    id: 'import-00000000',
    kind: 'import',
    outcome: 'changes',
    complete: true,
    createdAt: '2026-11-21T11:00:00.000Z',
    cluster: { id: 'sim', fingerprint: 'sha256:0' },
    policy: {},
    steps: moves.map(({ from, to }, index) => ({
      id: index + 1,
      type: 'reassign',
      topic: `t${index % 3}`,
      topicId: `t${index % 3}-id`,
      partition: index,
      from,
      to,
      bytesToMove: 1000,
      reason: { code: 'TEST', text: 'test' },
    })),
    deferred: [],
    findings: [],
    summary: { replicaMoves: 0, leaderMoves: 0, bytesToMove: 0, brokers: [] },
  }
}

function build(s: Schedule): { world: World; plan: Plan; configsBefore: Map<string, string> } {
  const cluster = new SimulatedCluster(s.mode, BROKERS, s.copyMs)
  for (const [index, { from }] of s.moves.entries()) {
    cluster.addPartition(`t${index % 3}`, index, from)
  }
  if (s.foreignRate) cluster.configs.set('broker 1 leader.replication.throttled.rate', '777')
  if (s.foreignList)
    cluster.configs.set('topic t0 leader.replication.throttled.replicas', '0:1,99:3')
  const configsBefore = new Map(cluster.configs)
  const { outage } = s
  const incidents =
    outage === null
      ? []
      : [
          { atMs: outage.atMs, happen: () => cluster.kill(outage.broker) },
          { atMs: outage.atMs + outage.forMs, happen: () => cluster.start(outage.broker) },
        ]
  return { world: new World(cluster, s.fates, incidents), plan: planFor(s.moves), configsBefore }
}

function begin(world: World, plan: Plan): void {
  const started: StartedRecord = {
    type: 'started',
    format: 'klinic.journal/1',
    at: '2026-11-21T11:00:00.000Z',
    executionId: 'sim.1',
    planSha256: '',
    plan,
    actor: { user: 'u', host: 'h', pid: 1 },
    options: {},
  }
  world.records.push(started)
}

/** A writer that fails the test when something is sent that was not written down before. */
function watchWriter(
  world: World,
  writer: ClusterWriter,
  moves: readonly Move[],
  how: 'run' | 'cancel' | 'cleanup',
): ClusterWriter {
  return {
    ...writer,
    submitReassignments: (requests: Parameters<typeof writer.submitReassignments>[0]) => {
      for (const { topic, partition, replicas } of requests) {
        const move = moves.find((m) => m.topic === topic && m.partition === partition)
        const wanted = how === 'run' ? ['intent', move?.to] : ['undoing', move?.from]
        const last = world.records.findLast((r) => r.type === 'move' && r.step === move?.step)
        expect([last?.type === 'move' ? last.state : '', replicas]).toEqual(wanted)
      }
      return writer.submitReassignments(requests)
    },
    alterConfigs: (changes: Parameters<typeof writer.alterConfigs>[0]) => {
      for (const { resource, name, op } of changes) {
        if (op !== 'append' && op !== 'set') continue
        const isKnown = world.records.some(
          (r) => r.type === 'throttle' && r.resource.name === resource.name && r.key === name,
        )
        expect(isKnown, `${name} was journalled before it was set`).toBe(true)
      }
      return writer.alterConfigs(changes)
    },
  }
}

const WORK = {
  run: runSession,
  cancel: (session: OpenSession) => cancelSession(session, 'undo'),
  cleanup: (session: OpenSession) => concludeSession(session, () => endOfCleanup(session)),
}

/** One process: runs until it ends or is killed. Every request must have been journalled before it is sent. */
async function runProcess(
  world: World,
  plan: Plan,
  kill: { at: number; before: boolean } | undefined,
  how: 'run' | 'cancel' | 'cleanup' = 'run',
): Promise<void> {
  const ports = openProcess(world, kill?.at ?? 0, kill?.before ?? false)
  const state = foldJournal(world.records)
  if (state === null) throw new Error('no start')
  const moves = movesOf(plan)
  const guarded = watchWriter(world, ports.writer, moves, how)
  const session = openSession({
    ports: {
      ...ports,
      writer: guarded,
      stop: new AbortController().signal,
      onEvent: () => undefined,
    },
    settings: SETTINGS,
    state,
    moves,
    internalTopics: new Set(),
    rollbackFile: null,
  })
  try {
    await WORK[how](session)
  } catch (error) {
    const isStop = error instanceof OperatorError && error.exit === 'stoppedHalfWay'
    if (!(error instanceof Killed) && !isStop) throw error
  }
}

const isFinished = (world: World): boolean => {
  const state = foldJournal(world.records)
  return state !== null && isOver(state)
}

async function runUntilOver(world: World, plan: Plan, kills: Schedule['kills']): Promise<void> {
  for (let run = 0; run < 12 && !isFinished(world); run++) {
    await runProcess(world, plan, kills[run])
    world.pass(1000)
  }
}

/** What could not be given back is a debt that a cleanup pays; never is it forgotten. */
async function payDebts(world: World, plan: Plan): Promise<void> {
  for (let run = 0; run < 12; run++) {
    if (foldJournal(world.records)?.holdings.debts.size === 0) return
    await runProcess(world, plan, undefined, 'cleanup')
  }
}

describe('an execution under lost answers, kills and outages', () => {
  it('makes every move, gives every throttle back, and does nothing that it has not written down', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (s) => {
        const { world, plan, configsBefore } = build(s)
        begin(world, plan)
        await runUntilOver(world, plan, s.kills)
        world.pass(120_000)
        expect(isFinished(world), 'the execution comes to an end').toBe(true)
        const state = foldJournal(world.records)
        for (const move of movesOf(plan)) {
          expect(state?.moves.get(move.step)?.state).toBe('done')
          const partition = world.cluster.partition(move.topic, move.partition)
          expect(partition?.replicas).toEqual(move.to)
        }
        await payDebts(world, plan)
        expect(world.cluster.configs).toEqual(configsBefore)
      }),
      { numRuns: RUNS },
    )
  }, 180_000)

  it('takes every move back that it cancels, in order, and gives every throttle back', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, fc.integer({ min: 1, max: 25 }), async (s, at) => {
        const { world, plan, configsBefore } = build(s)
        begin(world, plan)
        await runProcess(world, plan, { at, before: false })
        for (let run = 0; run < 12 && !isFinished(world); run++) {
          await runProcess(world, plan, s.kills[run], 'cancel')
        }
        world.pass(120_000)
        expect(world.cluster.lost, 'no last copy is dropped').toEqual([])
        const state = foldJournal(world.records)
        expect(isFinished(world), 'the cancel comes to an end').toBe(true)
        for (const move of movesOf(plan)) {
          const partition = world.cluster.partition(move.topic, move.partition)
          const isDone = state?.moves.get(move.step)?.state === 'done'
          expect(partition?.replicas).toEqual(isDone ? move.to : move.from)
        }
        await payDebts(world, plan)
        expect(world.cluster.configs).toEqual(configsBefore)
      }),
      { numRuns: RUNS },
    )
  }, 180_000)
})
