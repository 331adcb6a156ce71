import { assertNever } from '../../units/assert-never.js'
import type { ConfigResource } from '../../ports/cluster-reader.js'
import type {
  EndedRecord,
  JournalRecord,
  MoveRecord,
  MoveState,
  ReleaseRecord,
  StartedRecord,
  ThrottleRecord,
} from '../../ports/journal.js'
import { parseEntries } from './throttle-entries.js'

/** A throttle value that is ours, wholly (a rate) or in part (the entries of a list). */
export interface HeldThrottle {
  readonly resource: ConfigResource
  readonly key: string
  /** What stood there before our first change; null for nothing. */
  readonly before: string | null
  /** Entries of a list, or the rate as the only entry. */
  readonly entries: readonly string[]
}

/** What could not be given back because its broker was away. */
export interface ThrottleDebt {
  readonly resource: ConfigResource
  readonly key: string
  readonly before: string | null
  readonly value: string
}

/** Where an execution stands: what its journal says, folded. */
export interface ExecutionState {
  readonly started: StartedRecord
  readonly moves: ReadonlyMap<number, MoveRecord>
  readonly held: readonly HeldThrottle[]
  readonly debts: readonly ThrottleDebt[]
  /** The end of the last run; null while one is under way, or after a kill. */
  readonly ended: EndedRecord | null
}

const FINAL: readonly MoveState[] = ['done', 'undone', 'skipped']

/** Whether nothing more will be done about a move. */
export function isFinal(state: MoveState | 'planned'): boolean {
  return FINAL.some((final) => final === state)
}

const throttleId = (resource: ConfigResource, key: string): string =>
  `${resource.type} ${resource.name} ${key}`

interface Folding {
  readonly moves: Map<number, MoveRecord>
  readonly held: Map<string, HeldThrottle>
  readonly debts: Map<string, ThrottleDebt>
  ended: EndedRecord | null
}

function hold(folding: Folding, record: ThrottleRecord): void {
  const id = throttleId(record.resource, record.key)
  const known = folding.held.get(id)
  const isRate = record.resource.type === 'broker'
  const added = parseEntries(record.mine)
  folding.held.set(id, {
    resource: record.resource,
    key: record.key,
    before: known === undefined ? record.before : known.before,
    entries: isRate ? added : [...new Set([...(known?.entries ?? []), ...added])],
  })
}

function release(folding: Folding, record: ReleaseRecord): void {
  const id = throttleId(record.resource, record.key)
  const { resource, key } = record
  const known = folding.held.get(id)
  const gone = new Set(parseEntries(record.entries))
  const entries = (known?.entries ?? []).filter((entry) => !gone.has(entry))
  if (known === undefined || entries.length === 0) folding.held.delete(id)
  else folding.held.set(id, { ...known, entries })
  if (record.outcome === 'debt') {
    const before = known?.before ?? null
    folding.debts.set(id, { resource, key, before, value: record.entries })
  } else {
    folding.debts.delete(id)
  }
}

function fold(folding: Folding, record: JournalRecord): void {
  switch (record.type) {
    case 'started':
    case 'taken-up':
      folding.ended = null
      return
    case 'move':
      folding.moves.set(record.step, record)
      return
    case 'throttle':
      return hold(folding, record)
    case 'release':
      return release(folding, record)
    case 'ended':
      folding.ended = record
      return
    default:
      assertNever(record)
  }
}

/** The state that the records of one journal add up to; null when they do not begin with a start. */
export function foldJournal(records: readonly JournalRecord[]): ExecutionState | null {
  const [started] = records
  if (started?.type !== 'started') return null
  const folding: Folding = { moves: new Map(), held: new Map(), debts: new Map(), ended: null }
  for (const record of records) fold(folding, record)
  return {
    started,
    moves: folding.moves,
    held: [...folding.held.values()],
    debts: [...folding.debts.values()],
    ended: folding.ended,
  }
}

/** Whether an execution leaves nothing to go on with: every move is final and no throttle is held. */
export function isOver(state: ExecutionState): boolean {
  const { ended } = state
  return ended !== null && (ended.outcome === 'finished' || ended.outcome === 'cancelled')
}
