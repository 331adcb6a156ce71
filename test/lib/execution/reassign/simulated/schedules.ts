import assert from 'node:assert/strict'

import fc from 'fast-check'

import { OperatorError } from '../../../../../src/lib/errors/operator-error.js'
import { cancelSession } from '../../../../../src/lib/execution/reassign/cancel.js'
import { endOfCleanup } from '../../../../../src/lib/execution/reassign/cleanup.js'
import { foldJournal, isOver } from '../../../../../src/lib/execution/reassign/execution-state.js'
import { movesOf, type Move } from '../../../../../src/lib/execution/reassign/moves.js'
import { DEFAULT_LIMITS } from '../../../../../src/lib/execution/reassign/next-moves.js'
import type { RunSettings } from '../../../../../src/lib/execution/reassign/run-types.js'
import {
  concludeSession,
  openSession,
  runSession,
  type OpenSession,
} from '../../../../../src/lib/execution/reassign/session.js'
import type { Plan } from '../../../../../src/lib/plan/plan.js'
import { sameList } from '../../../../../src/lib/plan/step-lists.js'
import type { ClusterWriter } from '../../../../../src/lib/ports/cluster-writer.js'
import type { StartedRecord } from '../../../../../src/lib/ports/journal.js'
import { SimulatedCluster } from './cluster.js'
import { planFor } from './plan-for.js'
import { Killed, openProcess, World, type Fate, type Incident } from './ports.js'

const BROKERS = [1, 2, 3, 4, 5]
const SETTINGS: RunSettings = {
  limits: { ...DEFAULT_LIMITS, partitions: 4, inPerBroker: 2, outPerBroker: 2 },
  throttleBytesPerSec: 5_000_000,
  besideOthers: false,
  forMs: null,
  patienceMs: 60_000,
  stallMs: 600_000,
}

/** Longer than any cancel waits, and shorter than what counts as a stall. */
const SLOW_COPY_MS = 590_000
/** Of a slow copy nothing is written for long: whoever is to be killed while it lasts is killed at one of the first records. */
const RECORDS_BEFORE_COPY = 9

const replicaList = fc
  .shuffledSubarray(BROKERS, { minLength: 2, maxLength: 3 })
  .map((list) => [...list])
/** One replica more, behind the others: the list of before heads the one of after. */
const raise = fc
  .shuffledSubarray(BROKERS, { minLength: 3, maxLength: 4 })
  .map((list) => ({ from: list.slice(0, -1), to: [...list] }))
const partitionMove = fc.oneof(
  { weight: 3, arbitrary: fc.record({ from: replicaList, to: replicaList }) },
  { weight: 1, arbitrary: raise },
)
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

/** Everything that one schedule may hold. */
export const schedule = fc.record({
  mode: fc.constantFrom('kraft' as const, 'zookeeper' as const),
  moves: fc.array(partitionMove, { minLength: 1, maxLength: 8 }),
  fates: fc.array(fate, { maxLength: 20 }),
  /** What happens to the requests of a cancel. */
  cancelFates: fc.array(fate, { maxLength: 4 }),
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
  deletion: fc.option(
    fc.record({
      topic: fc.constantFrom('t0', 't1', 't2'),
      atMs: fc.integer({ min: 0, max: 8_000 }),
    }),
    { freq: 3 },
  ),
  lagsMs: fc.array(fc.constantFrom(0, 0, 50, 400, 3_000), { maxLength: 40 }),
  configLagsMs: fc.array(fc.constantFrom(0, 0, 50, 400, 3_000), { maxLength: 40 }),
  foreignRate: fc.boolean(),
  foreignList: fc.boolean(),
  /** Begun with leave to replace rates of others. */
  adopts: fc.boolean(),
  /** Somebody takes all throttles of ours away. */
  wipedAtMs: fc.option(fc.integer({ min: 0, max: 20_000 })),
  copyMs: fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 4_000 }) },
    { weight: 1, arbitrary: fc.constant(SLOW_COPY_MS) },
  ),
})

/** One schedule. */
export type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never

/** The cluster of a schedule before anything is done, with all that happens to it. */
export function build(s: Schedule): {
  world: World
  plan: Plan
  configsBefore: Map<string, string>
} {
  const cluster = new SimulatedCluster(s.mode, BROKERS, s.copyMs)
  for (const [index, { from }] of s.moves.entries()) {
    cluster.addPartition(`t${index % 3}`, index, from)
  }
  if (s.foreignRate) cluster.configs.set('broker 1 leader.replication.throttled.rate', '777')
  if (s.foreignList)
    cluster.configs.set('topic t0 leader.replication.throttled.replicas', '0:1,99:3')
  const { deletion: gone } = s
  const isGone = (key: string): boolean => gone !== null && key.startsWith(`topic ${gone.topic} `)
  const configsBefore = new Map([...cluster.configs].filter(([key]) => !isGone(key)))
  const { outage, deletion } = s
  const incidents: Incident[] = []
  if (outage !== null) {
    incidents.push({ atMs: outage.atMs, happen: () => cluster.kill(outage.broker) })
    const backAtMs = outage.atMs + outage.forMs
    incidents.push({ atMs: backAtMs, happen: () => cluster.start(outage.broker) })
  }
  if (deletion !== null) {
    incidents.push({ atMs: deletion.atMs, happen: () => cluster.deleteTopic(deletion.topic) })
  }
  const wipe = (): void => {
    cluster.configs.clear()
    for (const [key, value] of configsBefore) cluster.configs.set(key, value)
  }
  if (s.wipedAtMs !== null) incidents.push({ atMs: s.wipedAtMs, happen: wipe })
  const world = new World(cluster, s.fates, incidents, s.lagsMs)
  world.lagWithConfigs(s.configLagsMs)
  return { world, plan: planFor(s.moves), configsBefore }
}

/** Writes the start of an execution. */
export function begin(world: World, plan: Plan, { adopts }: Schedule): void {
  const started: StartedRecord = {
    type: 'started',
    format: 'klinic.journal/1',
    at: '2026-11-21T11:00:00.000Z',
    executionId: 'sim.1',
    planSha256: '',
    plan,
    actor: { user: 'u', host: 'h', pid: 1 },
    options: adopts ? { lifted: ['THROTTLE_PRESENT --adopt-throttles'] } : {},
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
        const isSent = (m: Move): boolean =>
          replicas !== null && sameList(how === 'run' ? m.to : m.from, replicas)
        const ofPartition = moves.filter((m) => m.topic === topic && m.partition === partition)
        const move = ofPartition.find(isSent) ?? ofPartition[0]
        const wanted = how === 'run' ? ['intent', move?.to] : ['undoing', move?.from]
        const last = world.records.findLast((r) => r.type === 'move' && r.step === move?.step)
        assert.deepEqual([last?.type === 'move' ? last.state : '', replicas], wanted)
      }
      return writer.submitReassignments(requests)
    },
    alterConfigs: (changes: Parameters<typeof writer.alterConfigs>[0]) => {
      for (const { resource, name, op } of changes) {
        if (op !== 'append' && op !== 'set') continue
        const isKnown = world.records.some(
          (r) => r.type === 'throttle' && r.resource.name === resource.name && r.key === name,
        )
        assert.ok(isKnown, `${name} is journalled before it is set`)
      }
      const bare = uncovered(world, moves)
      const outcomes = writer.alterConfigs(changes)
      const news = uncovered(world, moves).filter((key) => !bare.includes(key))
      assert.deepEqual(news, [], 'moves in flight stay covered')
      return outcomes
    },
  }
}

/** Replicas that moves in flight copy without being listed as followers of the throttle. */
function uncovered({ cluster }: World, moves: readonly Move[]): readonly string[] {
  return moves.flatMap(({ topic, partition, to, adding }) => {
    const target = cluster.partition(topic, partition)?.target ?? []
    const list = cluster.configs.get(`topic ${topic} follower.replication.throttled.replicas`)
    const listed = list?.split(',') ?? []
    const entries = sameList(target, to) ? adding.map((id) => `${partition}:${id}`) : []
    return entries.filter((entry) => !listed.includes(entry)).map((entry) => `${topic} ${entry}`)
  })
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

/** Whether the execution of a world is over. */
export const isFinished = (world: World): boolean => {
  const state = foldJournal(world.records)
  return state !== null && isOver(state)
}

/** Runs process after process, each killed where the schedule says so, until the execution is over. */
export async function runUntilOver(
  world: World,
  plan: Plan,
  kills: Schedule['kills'],
): Promise<void> {
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

/** Nothing of the world may be worse than before: no copy lost, no throttle of ours left, none of others' touched. */
export async function checkWhole(
  world: World,
  plan: Plan,
  configsBefore: ReadonlyMap<string, string>,
): Promise<void> {
  assert.deepEqual(world.cluster.lost, [], 'no last copy is dropped')
  await payDebts(world, plan)
  // Of what a process took out before it was killed, the next one may see something still: then an empty list stays, which
  // throttles nothing.
  const mayBeEmpty = ([key, value]: readonly [string, string]): boolean =>
    world.showsConfigsLate && value === '' && key.startsWith('topic ')
  const left = [...world.cluster.configs].filter((entry) => !mayBeEmpty(entry))
  assert.deepEqual(new Map(left.sort()), new Map([...configsBefore].sort()))
}

/** An execution that is resumed until it is over makes every move whose topic lives, and gives every throttle back. */
export async function checkExecution(s: Schedule): Promise<void> {
  const { world, plan, configsBefore } = build(s)
  begin(world, plan, s)
  await runUntilOver(world, plan, s.kills)
  world.pass(120_000)
  assert.ok(isFinished(world), 'the execution comes to an end')
  const state = foldJournal(world.records)
  for (const move of movesOf(plan)) {
    const partition = world.cluster.partition(move.topic, move.partition)
    const found = state?.moves.get(move.step)?.state
    if (partition === undefined) assert.ok(found === 'done' || found === 'skipped', found)
    else assert.deepEqual([found, partition.replicas], ['done', move.to])
  }
  await checkWhole(world, plan, configsBefore)
}

/** A cancel that is repeated until it is over takes every move back that is not done, in order. */
export async function checkCancel(s: Schedule, at: number): Promise<void> {
  const { world, plan, configsBefore } = build(s)
  begin(world, plan, s)
  const killAt = s.copyMs === SLOW_COPY_MS ? 1 + (at % RECORDS_BEFORE_COPY) : at
  await runProcess(world, plan, { at: killAt, before: false })
  world.befall(s.cancelFates)
  // A replica that an outage put behind may be waited for, however slowly it is copied; nothing else is worth that wait.
  const runs = s.outage === null ? 9 : 15
  for (let run = 0; run < runs && !isFinished(world); run++) {
    await runProcess(world, plan, s.kills[run], 'cancel')
  }
  world.pass(120_000)
  assert.ok(isFinished(world), 'the cancel comes to an end')
  const state = foldJournal(world.records)
  for (const move of movesOf(plan)) {
    const partition = world.cluster.partition(move.topic, move.partition)
    if (partition === undefined) continue
    const isDone = state?.moves.get(move.step)?.state === 'done'
    assert.deepEqual(partition.replicas, isDone ? move.to : move.from)
  }
  await checkWhole(world, plan, configsBefore)
}
