import type { ConfigResource } from '../../../ports/cluster-reader.js'
import type { ConfigChange } from '../../../ports/cluster-writer.js'
import type { ThrottleRecord } from '../../../ports/journal.js'
import type { Move } from '../moves.js'
import { brokersOf, isWildcard, listsFor, parseEntries, THROTTLE_KEYS } from './entries.js'
import { isTheirs, throttleId, type HeldThrottle, type Holdings } from './held.js'
import { GrowingList } from './list-room.js'

/** A value that somebody else has set where one of ours was to be. */
export interface TheirThrottle {
  readonly resource: ConfigResource
  readonly key: string
  readonly value: string
}

/** What a lease must do before moves may start: journal, then rates, then lists. */
export interface Cover {
  readonly records: readonly Omit<ThrottleRecord, 'at'>[]
  readonly rates: readonly ConfigChange[]
  readonly lists: readonly ConfigChange[]
  /** Rates of others, which stay. */
  readonly theirs: readonly TheirThrottle[]
  /** Topics whose lists have no room for all that is needed. */
  readonly full: readonly string[]
}

/** What {@link planCover} works from. */
export interface CoverInput {
  readonly moves: readonly Move[]
  /** Bytes per second of a broker as of now, and those that follow; already marked as ours. */
  readonly ratesOf: (broker: number) => readonly number[]
  readonly liveBrokers: ReadonlySet<number>
  readonly held: ReadonlyMap<string, HeldThrottle>
  /** What is owed still stands, and is ours: what a move needs of it is held again. */
  readonly debts?: Holdings['debts']
  /** What this process has set already, by {@link appliedId}: after a kill, held does not mean set. */
  readonly applied: Pick<ReadonlySet<string>, 'has'>
  /** What stood in lists before this process first added to them: of what it gave back, brokers may still show some. */
  readonly befores: ReadonlyMap<string, string | null>
  /** What stood where this execution first set a rate, by throttle id; also of what was given back since. */
  readonly rateBefores: ReadonlyMap<string, string | null>
  /** Whether a rate has the mark of this execution. */
  readonly isMarked: (value: string) => boolean
  /** Rates of others may be replaced: they come back at the end. */
  readonly adopts: boolean
  /** Values as they stand on the cluster, by throttle id; null or absent for none. */
  readonly current: ReadonlyMap<string, string | null>
}

/** Name of one entry in {@link CoverInput.applied}. */
export function appliedId(resource: ConfigResource, key: string, entry: string): string {
  return `${throttleId(resource, key)} ${entry}`
}

/** Resources whose values have to be known before the moves are covered. */
export function resourcesOf(moves: readonly Move[]): readonly ConfigResource[] {
  const topics = new Set(listsFor(moves).map(({ topic }) => topic))
  return [
    ...[...topics].map((name) => ({ type: 'topic', name }) as const),
    ...brokersOf(moves).map((id) => ({ type: 'broker', name: String(id) }) as const),
  ]
}

interface ListCover {
  readonly record: Omit<ThrottleRecord, 'at'> | null
  readonly change: ConfigChange | null
  readonly isFull: boolean
}

function coverList(
  { held, debts, applied, befores, current }: CoverInput,
  resource: ConfigResource,
  key: string,
  wanted: readonly string[],
): ListCover {
  const id = throttleId(resource, key)
  const known = held.get(id)
  const ours = known ?? debts?.get(id)
  const first = befores.has(id) ? befores.get(id) : current.get(id)
  const before = ours === undefined ? (first ?? null) : ours.before
  const standing = current.get(id) ?? null
  if (isWildcard(standing)) return { record: null, change: null, isFull: false }
  const foreign = new Set(parseEntries(before))
  const mine = [...new Set(wanted)].filter((entry) => !foreign.has(entry))
  const isApplied = (entry: string): boolean => applied.has(appliedId(resource, key, entry))
  // What was given back may still be there: the list is at least as long as what stands and what is ours.
  const list = new GrowingList([
    ...parseEntries(standing),
    ...(known?.entries ?? []).filter(isApplied),
  ])
  const unset = mine.filter((entry) => !isApplied(entry))
  const fitting = unset.filter((entry) => {
    const fits = list.hasRoomFor([entry])
    if (fits) list.add([entry])
    return fits
  })
  const unheld = fitting.filter((entry) => known?.entries.includes(entry) !== true)
  return {
    record:
      unheld.length === 0
        ? null
        : { type: 'throttle', resource, key, before, mine: unheld.join(',') },
    change:
      fitting.length === 0 ? null : { resource, name: key, op: 'append', value: fitting.join(',') },
    isFull: fitting.length < unset.length,
  }
}

/** Whether a value is one that this execution has set before, and that brokers still show. */
const isLeftover = ({ rateBefores, isMarked }: CoverInput, id: string, value: string): boolean =>
  rateBefores.has(id) && isMarked(value)

/**
 * Whether a rate that stands there is somebody else's: not what we hold there, nor what the journal says stood there before,
 * and, where nothing is held, not what was there when the execution was prepared, since then it would have been adopted.
 */
function isOfOthers(input: CoverInput, id: string, standing: string | null): boolean {
  const { held, adopts, rateBefores } = input
  const known = held.get(id)
  if (known !== undefined) return isTheirs(known, standing)
  if (standing === null || adopts || standing === rateBefores.get(id)) return false
  return !isLeftover(input, id, standing)
}

/** What stood there before our first change; a value of ours that can still be seen did not. */
function beforeOf(input: CoverInput, id: string, standing: string | null): string | null {
  const known = input.held.get(id)
  if (known !== undefined) return known.before
  const isOurs = standing !== null && isLeftover(input, id, standing)
  return isOurs ? (input.rateBefores.get(id) ?? null) : standing
}

/** Rates on live brokers only: a dead one does not answer, and no other broker takes its configs. */
export function planRates(input: CoverInput): Pick<Cover, 'records' | 'rates' | 'theirs'> {
  const { moves, ratesOf, liveBrokers, held, applied, current } = input
  const records: Omit<ThrottleRecord, 'at'>[] = []
  const rates: ConfigChange[] = []
  const theirs: TheirThrottle[] = []
  for (const broker of brokersOf(moves).filter((one) => liveBrokers.has(one))) {
    const resource = { type: 'broker', name: String(broker) } as const
    const values = ratesOf(broker).map(String)
    const [value = ''] = values
    for (const key of [THROTTLE_KEYS.leaderRate, THROTTLE_KEYS.followerRate]) {
      const id = throttleId(resource, key)
      const standing = current.get(id) ?? null
      if (isOfOthers(input, id, standing)) {
        theirs.push({ resource, key, value: standing ?? '' })
        continue
      }
      if (applied.has(appliedId(resource, key, value))) continue
      const unheld = values.filter((one) => held.get(id)?.entries.includes(one) !== true)
      if (unheld.length > 0) {
        const before = beforeOf(input, id, standing)
        records.push({ type: 'throttle', resource, key, before, mine: unheld.join(',') })
      }
      rates.push({ resource, name: key, op: 'set', value })
    }
  }
  return { records, rates, theirs }
}

/** The changes that put the moves under the throttle; empty when they are under it already. */
export function planCover(input: CoverInput): Cover {
  const { records, rates, theirs } = planRates(input)
  const lists = planLists(input)
  return { ...lists, records: [...lists.records, ...records], rates, theirs }
}

/** Of these changes, those of lists. */
export function planLists(input: CoverInput): Pick<Cover, 'records' | 'lists' | 'full'> {
  const lists = listsFor(input.moves).map(({ topic, key, entries }) => ({
    topic,
    ...coverList(input, { type: 'topic', name: topic }, key, entries),
  }))
  return {
    records: lists.map(({ record }) => record).filter((r) => r !== null),
    lists: lists.map(({ change }) => change).filter((c) => c !== null),
    full: [...new Set(lists.filter(({ isFull }) => isFull).map(({ topic }) => topic))],
  }
}
