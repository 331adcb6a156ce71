import type {
  EndedRecord,
  JournalRecord,
  MoveRecord,
  StartedRecord,
  TakenUpRecord,
} from '../../ports/journal.js'
import { account, NO_HOLDINGS, type Holdings } from './throttle/held.js'

/** When something was sent, by the clock of the host that sent it: ISO 8601. */
export interface Sending {
  readonly at: string
  readonly host: string
}

/** Where an execution stands: what its journal says, folded. */
export interface ExecutionState {
  readonly started: StartedRecord
  /** The options that count now: those of the start, and what was given again since. */
  readonly options: StartedRecord['options']
  /** Last record of each step; a step without one is still only planned. */
  readonly moves: ReadonlyMap<number, MoveRecord>
  /** When each step was last about to be sent, or its answer lost. */
  readonly sentAt: ReadonlyMap<number, Sending>
  /** Steps whose leader we had elected. */
  readonly elected: ReadonlySet<number>
  readonly holdings: Holdings
  /** Who took it up last; null: whoever began it has it. */
  readonly takenUp: TakenUpRecord | null
  /** The end of the last run; null while one is under way, or after a kill. */
  readonly ended: EndedRecord | null
}

/** What is said of a move: `planned` before anything was done. */
export type MoveStatus = MoveRecord['state'] | 'planned'

/** Reason of a move that was found made: by hand, or by another tool. Nothing was copied for it, and nothing is taken back. */
export const ALREADY_DONE = 'ALREADY_DONE'

/** Whether nothing more will be done about a move. */
export function isFinal(status: MoveStatus): boolean {
  return status === 'done' || status === 'undone' || status === 'skipped'
}

/** Whether a reassignment may be under way for the move: it may have been sent, and its end was not seen. */
export function mayBeUnderWay(status: MoveStatus): boolean {
  return status !== 'planned' && !isFinal(status)
}

/** Whether a process begins to work on the execution. */
const isTaking = (record: JournalRecord): record is StartedRecord | TakenUpRecord =>
  record.type === 'started' || record.type === 'taken-up'

/** The state that the records of one journal add up to; null when they do not begin with a start. */
export function foldJournal(records: readonly JournalRecord[]): ExecutionState | null {
  const [started] = records
  if (started?.type !== 'started') return null
  const moves = new Map<number, MoveRecord>()
  const sentAt = new Map<number, Sending>()
  let { options, actor } = started
  let holdings = NO_HOLDINGS
  let ended: EndedRecord | null = null
  for (const record of records) {
    if (record.type === 'move') {
      moves.set(record.step, record)
      const { at, step, state } = record
      if (state === 'intent' || state === 'unknown') sentAt.set(step, { at, host: actor.host })
    } else if (record.type === 'ended') ended = record
    else if (isTaking(record)) {
      ended = null
      actor = record.actor
      options = { ...options, ...record.options }
    } else if (record.type === 'throttle' || record.type === 'release') {
      holdings = account(holdings, record)
    }
  }
  const takenUp = records.findLast((record) => record.type === 'taken-up') ?? null
  return { started, options, moves, sentAt, elected: electedIn(records), holdings, takenUp, ended }
}

function electedIn(records: readonly JournalRecord[]): ReadonlySet<number> {
  const moves = records.filter((record) => record.type === 'move')
  return new Set(moves.filter(({ state }) => state === 'electing').map(({ step }) => step))
}

/** Whether an execution leaves nothing to go on with. */
export function isOver({ ended }: ExecutionState): boolean {
  return ended !== null && (ended.outcome === 'finished' || ended.outcome === 'cancelled')
}

/** Whether it only takes back what another tool left behind (`cleanup --foreign`): it is gone on with by a cancel, never made. */
export const takesBack = ({ started }: Pick<ExecutionState, 'started'>): boolean =>
  started.options['takesBack'] === true
