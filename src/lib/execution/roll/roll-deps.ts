import type { Snapshot } from '../../model/snapshot.js'
import type { TopicPartition } from '../../model/topic-partition.js'
import type { RestartStep } from '../../plan/plan.js'
import type { Clock } from '../../ports/clock.js'
import type { WriteOutcome } from '../../ports/cluster-writer.js'
import type { HostConnection } from '../../ports/hosts.js'
import type { QuorumState } from '../../ports/cluster-reader.js'
import type { DrainedPartition, RestartPhase, RestartRecord } from '../../ports/journal.js'
import type { ServiceCommands } from './service-manager.js'

/** Where an operator's own commands may stand in the restart of a broker. */
export const ROLL_HOOKS = ['pre-stop', 'post-stop', 'pre-start', 'rollback', 'post-start'] as const

/** One of {@link ROLL_HOOKS}. */
export type RollHook = (typeof ROLL_HOOKS)[number]

/** What a rolling restart tells whoever watches it. */
export type RollEvent =
  | {
      readonly type: 'phase'
      readonly broker: number
      readonly phase: RestartPhase
      readonly message?: string
    }
  | {
      readonly type: 'wait'
      readonly broker: number | null
      readonly text: string
      readonly waitedMs: number
    }
  | {
      readonly type: 'hook'
      readonly broker: number
      readonly hook: RollHook
      readonly exitCode: number | null
      readonly output: string
    }
  | {
      readonly type: 'eta'
      readonly broker: null
      /** Brokers that remain. */
      readonly remaining: number
      readonly seconds: number
    }
  | { readonly type: 'warning'; readonly broker: number | null; readonly text: string }

/** Deadlines and patience of a rolling restart, all in milliseconds. */
export interface RollTimes {
  readonly stopTimeoutMs: number
  readonly startTimeoutMs: number
  readonly hookTimeoutMs: number
  /** A wait for recovery ends when nothing has got better for this long. */
  readonly stallMs: number
  /** Samples of the gate, and how long they must stay good after a clean and after an unclean stop. */
  readonly samples: number
  readonly stableCleanMs: number
  readonly stableUncleanMs: number
  readonly sampleEveryMs: number
  /** How old a restarted process must be before it is believed; after an unclean stop `stableUncleanMs` holds instead. */
  readonly minUptimeMs: number
  /** Pause between brokers. */
  readonly soakMs: number
  readonly remoteTimeoutMs: number
}

/** What the operator's hooks are, by phase; remote shell lines unless `local`. */
export type RollHooks = Readonly<Partial<Record<RollHook, string>>>

/** What to do when a hook fails while the broker is down: start it, undo what the hook did and start it, or leave it down. */
export type PreStartFailure = 'start' | 'rollback' | 'leave'

/** Choices that hold for the whole roll. */
export interface RollOptions {
  readonly rollId: string
  readonly times: RollTimes
  readonly hooks: RollHooks
  readonly hooksRunLocally: boolean
  readonly onPreStartFailure: PreStartFailure
  readonly isrMargin: number
  readonly accepts: (topic: string) => boolean
  readonly maxLeaderImbalance: number | null
  readonly allowReassignments: boolean
  readonly electLeaders: boolean
  /** Move leadership off a broker before its stop, instead of leaving that to the controlled shutdown. */
  readonly drain: boolean
  /** Restart in exactly the order of the plan, the active controller too. */
  readonly keepOrder: boolean
}

/** Everything that a rolling restart does to the world, behind functions. */
export interface RollDeps {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Opens a new connection to the broker's host; the operator's inventory says which. */
  connect(broker: number): Promise<HostConnection>
  runLocally(
    command: string,
    env: Readonly<Record<string, string>>,
    timeoutMs: number,
  ): Promise<{ exitCode: number | null; output: string }>
  serviceOf(broker: number): ServiceCommands
  /** Samples from two brokers at least, none of `avoid` when others answer. */
  sample(avoid: ReadonlySet<number>): Promise<readonly Snapshot[]>
  /** Null with ZooKeeper; `unknown` when nobody tells. */
  quorum(): Promise<QuorumState | null | 'unknown'>
  /** True when that very broker answers an API call by itself; a controller, when it keeps up with the quorum. */
  answers(broker: number): Promise<boolean>
  electPreferred(partitions: readonly TopicPartition[]): Promise<readonly WriteOutcome[]>
  /** Changes the order of replica lists: nothing is copied. */
  reorder(partitions: readonly DrainedPartition[]): Promise<readonly WriteOutcome[]>
  /** Resolves when the fact would survive a power cut. */
  record(fact: Omit<RestartRecord, 'type' | 'at'>): Promise<void>
  say(event: RollEvent): void
  /** Null when consumers are well, else one line saying what is not. */
  consumersWaitFor(): Promise<string | null>
  /** Records that the groups of `--consumer-gate` have still to read; null when there are none, or nobody can tell. */
  consumerLag(): Promise<number | null>
  /** Groups of `--consumer-gate` that nobody knows: no waiting would make them well. */
  unknownGroups(): Promise<readonly string[]>
  /** Records a second appended to what each broker leads, measured now; null when the cluster does not tell. */
  appendRates(): Promise<ReadonlyMap<number, number> | null>
  /** Asks the operator; false where nobody can be asked. */
  askToGoOn(question: string): Promise<boolean>
}

/** What is expected of the cluster throughout: the brokers that were there, and how many topics. */
export interface RollBaseline {
  readonly brokers: readonly number[]
  readonly topics: number
}

/** A broker to be restarted, with its place in the roll. */
export interface RestartJob {
  readonly step: RestartStep
  readonly together: ReadonlySet<number>
  readonly index: number
  readonly total: number
  /** Brokers of the batch before. */
  readonly restartedBefore: readonly number[]
  /** Lists whose order an earlier run changed and did not give back. */
  readonly drained?: readonly DrainedPartition[]
  /** What came of the hooks of an earlier run while the broker was down. */
  readonly hooksBefore?: HooksWhileDown
}

/** What came of the hooks between the stop and the start of a broker, read back from a journal. */
export interface HooksWhileDown {
  /** Hooks that ended well: they need not run again. */
  readonly ranWell: readonly string[]
  /** Hooks that said no. */
  readonly refused: readonly string[]
  /** True when the start was begun: nothing runs before it any more. */
  readonly isStartBegun: boolean
}
