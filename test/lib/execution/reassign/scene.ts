import type { ExecutionEvent } from '../../../../src/lib/execution/reassign/events.js'
import {
  foldJournal,
  type ExecutionState,
} from '../../../../src/lib/execution/reassign/execution-state.js'
import type { Move } from '../../../../src/lib/execution/reassign/moves.js'
import { DEFAULT_LIMITS } from '../../../../src/lib/execution/reassign/next-moves.js'
import type { RunSettings } from '../../../../src/lib/execution/reassign/run-types.js'
import {
  openSession,
  runSession,
  type OpenSession,
} from '../../../../src/lib/execution/reassign/session.js'
import type {
  ExecutionProgress,
  ExecutionReport,
} from '../../../../src/lib/plan/execution-report.js'
import type { PlanKind } from '../../../../src/lib/plan/plan.js'
import type { JournalRecord, StartedRecord } from '../../../../src/lib/ports/journal.js'
import { makeMove } from './builders.js'
import { SimulatedCluster } from './simulated/cluster.js'
import { openProcess, World, type Fate, type Incident } from './simulated/ports.js'

/** Three moves of topic orders among brokers 1 to 3, the last of them a mere change of order. */
export const MOVES = [
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

const START: StartedRecord = {
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
}

/** What happens in a scene; by default nothing. */
export interface Scene {
  readonly mode?: 'kraft' | 'zookeeper'
  readonly moves?: readonly Move[]
  readonly brokers?: readonly number[]
  /** How long a replica copies. */
  readonly copyMs?: number
  /** Kind of the plan; a balance by default. */
  readonly kind?: PlanKind
  /** Before the process begins. */
  readonly prepare?: (cluster: SimulatedCluster) => void
  readonly fates?: readonly Fate[]
  readonly incidents?: readonly Incident[]
  /** How far behind the controller the brokers are that are asked, one look after the other. */
  readonly lagsMs?: readonly number[]
  readonly settings?: Partial<RunSettings>
  readonly stop?: AbortSignal
  /** Options that the execution was begun with; none by default. */
  readonly options?: StartedRecord['options']
  /** The host of the process; not known by default. */
  readonly host?: string
  /** What an earlier process has written after its start. */
  readonly journal?: readonly JournalRecord[]
  readonly work?: (session: OpenSession) => Promise<ExecutionReport>
  readonly onProgress?: (progress: ExecutionProgress) => void
}

/** What came of a scene. */
export interface Played {
  readonly report: ExecutionReport
  readonly cluster: SimulatedCluster
  readonly world: World
  /** The journal's last word on each move; undefined for none. */
  readonly states: readonly (string | undefined)[]
  readonly state: ExecutionState
  /** Texts of the notes, in order. */
  readonly notes: readonly string[]
}

/** The world of a scene before its process begins. */
export function stage(scene: Scene): World {
  const { moves = MOVES, prepare, fates, incidents, journal } = scene
  const { mode = 'kraft', brokers = [1, 2, 3, 4], copyMs = 2_000 } = scene
  const cluster = new SimulatedCluster(mode, brokers, copyMs)
  for (const { topic, partition, from } of moves) cluster.addPartition(topic, partition, from)
  prepare?.(cluster)
  const world = new World(cluster, fates ?? [], incidents ?? [], scene.lagsMs)
  const plan = { ...START.plan, kind: scene.kind ?? START.plan.kind }
  const start = { ...START, plan, options: scene.options ?? START.options }
  world.records.push(start, ...(journal ?? []))
  return world
}

/** Plays one process in a world to its end. */
export async function playIn(world: World, scene: Scene): Promise<Played> {
  const moves = scene.moves ?? MOVES
  const notes: string[] = []
  const onEvent = (event: ExecutionEvent): void => {
    if (event.type === 'note') notes.push(`${event.code} ${event.text}`)
    if (event.type === 'progress') scene.onProgress?.(event.progress)
  }
  const session = openSession({
    ports: {
      ...openProcess(world, 0, false),
      stop: scene.stop ?? new AbortController().signal,
      onEvent,
    },
    settings: { ...SETTINGS, ...scene.settings },
    state: foldJournal(world.records)!,
    moves,
    internalTopics: new Set(),
    rollbackFile: null,
    host: scene.host,
  })
  const report = await (scene.work ?? runSession)(session)
  const state = foldJournal(world.records)!
  const states = moves.map(({ step }) => state.moves.get(step)?.state)
  return { report, cluster: world.cluster, world, states, state, notes }
}

/** Plays a scene from its beginning. */
export function play(scene: Scene): Promise<Played> {
  return playIn(stage(scene), scene)
}

/** Something that happens to the cluster at a time. */
export const at = (atMs: number, happen: Incident['happen']): Incident => ({ atMs, happen })
