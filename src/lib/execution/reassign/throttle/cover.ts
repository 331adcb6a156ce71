import type { ConfigResource } from '../../../ports/cluster-reader.js'
import type { ConfigChange } from '../../../ports/cluster-writer.js'
import type { ThrottleRecord } from '../../../ports/journal.js'
import type { Move } from '../moves.js'
import { brokersOf, isWildcard, listsFor, parseEntries, THROTTLE_KEYS } from './entries.js'
import { isTheirs, throttleId, type HeldThrottle } from './held.js'

/** What a lease must do before moves may start: journal, then rates, then lists. */
export interface Cover {
  readonly records: readonly Omit<ThrottleRecord, 'at'>[]
  readonly rates: readonly ConfigChange[]
  readonly lists: readonly ConfigChange[]
}

/** What {@link planCover} works from. */
export interface CoverInput {
  readonly moves: readonly Move[]
  /** Bytes per second of a broker as of now, and those that follow; already marked as ours. */
  readonly ratesOf: (broker: number) => readonly number[]
  readonly liveBrokers: ReadonlySet<number>
  readonly held: ReadonlyMap<string, HeldThrottle>
  /** What this process has set already, by throttle id and entry: after a kill, held does not mean set. */
  readonly applied: ReadonlySet<string>
  /** What stood in lists before this process first added to them: of what it gave back, brokers may still show some. */
  readonly befores: ReadonlyMap<string, string | null>
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

function coverList(
  { held, applied, befores, current }: CoverInput,
  resource: ConfigResource,
  key: string,
  wanted: readonly string[],
): { readonly record: Omit<ThrottleRecord, 'at'> | null; readonly change: ConfigChange | null } {
  const id = throttleId(resource, key)
  const known = held.get(id)
  const first = befores.has(id) ? befores.get(id) : current.get(id)
  const before = known === undefined ? (first ?? null) : known.before
  if (isWildcard(current.get(id) ?? null)) return { record: null, change: null }
  const foreign = new Set(parseEntries(before))
  const mine = wanted.filter((entry) => !foreign.has(entry))
  const unheld = mine.filter((entry) => known?.entries.includes(entry) !== true)
  const unset = mine.filter((entry) => !applied.has(appliedId(resource, key, entry)))
  return {
    record:
      unheld.length === 0
        ? null
        : { type: 'throttle', resource, key, before, mine: unheld.join(',') },
    change:
      unset.length === 0 ? null : { resource, name: key, op: 'append', value: unset.join(',') },
  }
}

/** Rates on live brokers only: a dead one does not answer, and no other broker takes its configs. */
export function planRates(input: CoverInput): Pick<Cover, 'records' | 'rates'> {
  const { moves, ratesOf, liveBrokers, held, applied, current } = input
  const records: Omit<ThrottleRecord, 'at'>[] = []
  const rates: ConfigChange[] = []
  for (const id of brokersOf(moves).filter((broker) => liveBrokers.has(broker))) {
    const resource = { type: 'broker', name: String(id) } as const
    const values = ratesOf(id).map(String)
    const [value = ''] = values
    for (const key of [THROTTLE_KEYS.leaderRate, THROTTLE_KEYS.followerRate]) {
      if (applied.has(appliedId(resource, key, value))) continue
      const standing = current.get(throttleId(resource, key)) ?? null
      const known = held.get(throttleId(resource, key))
      if (known !== undefined && isTheirs(known, standing)) continue
      const before = known === undefined ? standing : known.before
      const unheld = values.filter((one) => known?.entries.includes(one) !== true)
      if (unheld.length > 0) {
        records.push({ type: 'throttle', resource, key, before, mine: unheld.join(',') })
      }
      rates.push({ resource, name: key, op: 'set', value })
    }
  }
  return { records, rates }
}

/** The changes that put the moves under the throttle; empty when they are under it already. */
export function planCover(input: CoverInput): Cover {
  const { records, rates } = planRates(input)
  const lists = listsFor(input.moves).map(({ topic, key, entries }) =>
    coverList(input, { type: 'topic', name: topic }, key, entries),
  )
  return {
    records: [...lists.map(({ record }) => record).filter((r) => r !== null), ...records],
    rates,
    lists: lists.map(({ change }) => change).filter((c) => c !== null),
  }
}
