import type { Plan, RestartStep } from '../../plan/plan.js'
import type {
  DrainedPartition,
  JournalRecord,
  RestartPhase,
  RestartRecord,
  StartedRecord,
} from '../../ports/journal.js'
import type { ProcessIdentity } from './read-service.js'
import type { HooksWhileDown } from './roll-deps.js'

/** Where each broker of a roll stands, read back from its journal. */
export interface RollState {
  readonly started: StartedRecord
  readonly phases: ReadonlyMap<number, RestartPhase>
  /** Brokers whose restart had begun and was not finished, with the process that was to be stopped. */
  readonly interrupted: ReadonlyMap<number, ProcessIdentity | null>
  /** Those of them that were not seen in sync again. */
  readonly mayBeDown: ReadonlySet<number>
  /** Replica lists whose order is still to be given back, by the broker that was drained. */
  readonly drained: ReadonlyMap<number, readonly DrainedPartition[]>
  /** What came of the hooks that ran while a broker was down, by broker. */
  readonly hooks: ReadonlyMap<number, HooksWhileDown>
  /** Options as they hold now: a resume may have changed some. */
  readonly options: StartedRecord['options']
  readonly isOver: boolean
}

/** Phases in which a broker is not known to be up. */
export const MAY_BE_DOWN: ReadonlySet<RestartPhase> = new Set([
  'draining',
  'stopping',
  'stopped',
  'pre-start',
  'starting',
  'started',
])
/** Up, and not done: what follows is still due. */
const UP_AGAIN: ReadonlySet<RestartPhase> = new Set(['recovered', 'post-start'])

interface Track {
  phase: RestartPhase
  /** Last phase that was not `failed`: what a failure interrupted. */
  reached: RestartPhase
  process: ProcessIdentity | null
  drained: readonly DrainedPartition[]
  hooks: HooksWhileDown
}

const WHILE_DOWN: ReadonlySet<string> = new Set(['post-stop', 'pre-start'])
const START_BEGUN: ReadonlySet<RestartPhase> = new Set([
  'starting',
  'started',
  'recovered',
  'post-start',
])
const NO_HOOKS: HooksWhileDown = { ranWell: [], refused: [], isStartBegun: false }

/** The last word of each hook counts; a new turn at the gate begins with none. */
function hooksBy({ phase, hook }: RestartRecord, before: HooksWhileDown): HooksWhileDown {
  if (phase === 'gate') return NO_HOOKS
  const isStartBegun = before.isStartBegun || START_BEGUN.has(phase)
  if (hook === undefined || !WHILE_DOWN.has(hook.name)) return { ...before, isStartBegun }
  const others = (names: readonly string[]) => names.filter((name) => name !== hook.name)
  const { ranWell, refused } = before
  return hook.exitCode === 0
    ? { ranWell: [...others(ranWell), hook.name], refused: others(refused), isStartBegun }
    : { ranWell: others(ranWell), refused: [...others(refused), hook.name], isStartBegun }
}

const NAMES_PROCESS: ReadonlySet<RestartPhase> = new Set(['draining', 'stopping'])
const GIVEN_BACK: ReadonlySet<RestartPhase> = new Set(['recovered', 'post-start', 'done'])

function drainedBy(record: RestartRecord, before: Track | undefined): readonly DrainedPartition[] {
  if (GIVEN_BACK.has(record.phase)) return []
  return record.drained ?? before?.drained ?? []
}

function follow(records: readonly JournalRecord[]): ReadonlyMap<number, Track> {
  const tracks = new Map<number, Track>()
  for (const record of records) {
    if (record.type !== 'restart') continue
    const before = tracks.get(record.broker)
    const reached = record.phase === 'failed' ? (before?.reached ?? 'gate') : record.phase
    const process = NAMES_PROCESS.has(record.phase)
      ? (record.process ?? null)
      : (before?.process ?? null)
    const drained = drainedBy(record, before)
    const hooks = hooksBy(record, before?.hooks ?? NO_HOOKS)
    tracks.set(record.broker, { phase: record.phase, reached, process, drained, hooks })
  }
  return tracks
}

/** Folds the records of a roll; null when the journal is not one of a roll. */
export function foldRoll(records: readonly JournalRecord[]): RollState | null {
  const started = records[0]
  if (started?.type !== 'started' || started.plan.kind !== 'roll') return null
  const tracks = [...follow(records)]
  const last = records.at(-1)
  return {
    started,
    phases: new Map(tracks.map(([broker, track]) => [broker, track.phase])),
    interrupted: new Map(
      tracks
        .filter(([, { reached }]) => MAY_BE_DOWN.has(reached) || UP_AGAIN.has(reached))
        .map(([broker, track]) => [broker, track.process]),
    ),
    mayBeDown: new Set(
      tracks.filter(([, { reached }]) => MAY_BE_DOWN.has(reached)).map(([broker]) => broker),
    ),
    drained: new Map(tracks.map(([broker, track]) => [broker, track.drained])),
    hooks: new Map(tracks.map(([broker, track]) => [broker, track.hooks])),
    options: records.reduce(
      (options, record) => (record.type === 'taken-up' ? (record.options ?? options) : options),
      started.options,
    ),
    isOver: last?.type === 'ended' && (last.outcome === 'finished' || last.outcome === 'cancelled'),
  }
}

/** The restart steps of a plan. */
export function restartSteps(plan: Plan): readonly RestartStep[] {
  return plan.steps.filter((step) => step.type === 'restart')
}

/** Steps that are still to be done: all but those of brokers that are done. */
export function remainingSteps(state: RollState): readonly RestartStep[] {
  return restartSteps(state.started.plan).filter((step) => state.phases.get(step.broker) !== 'done')
}
