import type { Actor } from '../plan/actor.js'
import type { ExecutionEnd } from '../plan/execution-report.js'
import type { JsonValue, Plan, Reason } from '../plan/plan.js'
import type { ConfigResource } from './cluster-reader.js'

/** Where one move stands. `unknown`: the answer was lost, the cluster has to be read before anything is decided. */
export type MoveState =
  | 'intent'
  | 'submitted'
  | 'unknown'
  | 'copying'
  | 'electing'
  | 'done'
  | 'undoing'
  | 'undone'
  | 'skipped'

/** The first record of a journal: everything that is needed to go on from another terminal. */
export interface StartedRecord {
  readonly type: 'started'
  readonly format: 'klinic.journal/1'
  readonly at: string
  readonly executionId: string
  readonly planSha256: string
  readonly plan: Plan
  readonly actor: Actor
  readonly options: Readonly<Record<string, JsonValue>>
  /** Why, in the words of whoever began it. */
  readonly reason?: string
  /** Who led each partition of the plan at the start, by `topic-partition`; null for nobody. What is missing was not seen. */
  readonly leaders?: Readonly<Record<string, number | null>>
}

/** A process took the execution over (resume, cancel). */
export interface TakenUpRecord {
  readonly type: 'taken-up'
  readonly at: string
  readonly verb: 'resume' | 'cancel' | 'cleanup'
  readonly actor: Actor
  /** Options in place of those it was started with, where flags changed some. */
  readonly options?: Readonly<Record<string, JsonValue>>
  /** The fence of the lock it was taken up with. */
  readonly lock?: string
  /** Why, in the words of whoever took it up. */
  readonly reason?: string
}

/** A step of the plan changed its state. */
export interface MoveRecord {
  readonly type: 'move'
  readonly at: string
  readonly step: number
  readonly state: MoveState
  readonly reason?: Reason
}

/** Written before a throttle value is changed: `before` is what stood there (null: nothing), `mine` what we add. */
export interface ThrottleRecord {
  readonly type: 'throttle'
  readonly at: string
  readonly resource: ConfigResource
  readonly key: string
  readonly before: string | null
  /** For a rate the whole value, for a list the entries that were not there before. */
  readonly mine: string
}

/** Entries of a list, or a rate, that are ours no longer: given back, or owed because the broker is dead. */
export interface ReleaseRecord {
  readonly type: 'release'
  readonly at: string
  readonly resource: ConfigResource
  readonly key: string
  readonly entries: string
  readonly outcome: 'cleared' | 'gone' | 'debt'
  readonly message?: string
}

/**
 * How far the restart of one broker has come. Written before the phase begins, so that a resume knows which broker may be
 * down: everything from `draining` to `started` means "look at it first".
 */
export type RestartPhase =
  | 'gate'
  | 'pre-stop'
  | 'draining'
  | 'stopping'
  | 'stopped'
  | 'pre-start'
  | 'starting'
  | 'started'
  | 'recovered'
  | 'post-start'
  | 'done'
  | 'failed'

/** A partition whose leadership was moved off a broker before its stop, with its replica list as it was. */
export interface DrainedPartition {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
}

/** A broker of a rolling restart entered a phase. */
export interface RestartRecord {
  readonly type: 'restart'
  readonly at: string
  readonly broker: number
  readonly phase: RestartPhase
  /** With `draining` and `stopping`: the process to be stopped, so that a resume can tell it from the one that was started. */
  readonly process?: { readonly pid: number; readonly startTicks: string }
  /** With `draining`: the replica lists whose order is about to change, as they were. */
  readonly drained?: readonly DrainedPartition[]
  /** A command of the operator's that ended in this phase. */
  readonly hook?: HookRecord
  readonly message?: string
}

/** How a hook ended, and the end of what it printed; no exit code: a signal or its deadline ended it. */
export interface HookRecord {
  readonly name: string
  readonly exitCode: number | null
  readonly output: string
}

/** How an execution, or one run of it, ended. */
export interface EndedRecord {
  readonly type: 'ended'
  readonly at: string
  readonly outcome: ExecutionEnd
  readonly message: string
}

/** Something done or decided outside of the moves of an execution: maintenance, a broken lock, what a heal run decided. */
export interface NoteRecord {
  readonly type: 'note'
  readonly at: string
  /** The command, or the step of one: `maintenance start`, `lock break`, `heal run`. */
  readonly what: string
  /** What it was done to: `broker 4`, `cluster prod`. */
  readonly subject: string
  readonly actor: Actor
  readonly message: string
  readonly outcome?: 'done' | 'refused' | 'failed'
}

/** One fact of an execution; the order of the records is the order of the facts. */
export type JournalRecord =
  | StartedRecord
  | TakenUpRecord
  | MoveRecord
  | ThrottleRecord
  | ReleaseRecord
  | RestartRecord
  | EndedRecord
  | NoteRecord

/** An open journal. {@link Journal.append} resolves when the records would survive a power cut. */
export interface Journal {
  readonly path: string
  append(records: readonly JournalRecord[]): Promise<void>
  close(): Promise<void>
}

/** A journal as read back. `torn` is true when a half-written last record was dropped. */
export interface StoredJournal {
  readonly path: string
  readonly records: readonly JournalRecord[]
  readonly torn: boolean
  /** Of a journal that was put together from the actions topic: what is not there, as a sentence. */
  readonly missing?: string
  /** Why it cannot be read, as a sentence; it then has no records. Only lists show such journals. */
  readonly damaged?: string
}

/** Another process of this host that holds the cluster. */
export interface LockHolder extends Actor {
  readonly since: string
  readonly what: string
}

/** The local state directory: journals by plan id, and one lock for each cluster. */
export interface JournalStore {
  /** Creates the journal of a plan with its first record; OperatorError JOURNAL_EXISTS when there is one. */
  create(first: StartedRecord): Promise<Journal>
  /** Opens an existing journal for more records. */
  reopen(clusterId: string, planId: string): Promise<Journal>
  /** Null when this host has never executed the plan. */
  read(clusterId: string, planId: string): Promise<StoredJournal | null>
  /** All journals of a cluster, the newest first. */
  list(clusterId: string): Promise<readonly StoredJournal[]>
  /** Who has the cluster's lock on this host; null when nobody alive does. */
  holder(clusterId: string): Promise<LockHolder | null>
  /** Takes the cluster's lock on this host, or tells who has it; a dead holder is taken over. */
  lock(clusterId: string, holder: LockHolder): Promise<LockHolder | (() => Promise<void>)>
}

/** Actions that belong to no execution, as the state directory and the actions topic keep them. */
export interface ActionNotes {
  note(clusterId: string, record: NoteRecord): Promise<void>
}

/** Journals and notes of a cluster. */
export type ActionStore = JournalStore & ActionNotes
