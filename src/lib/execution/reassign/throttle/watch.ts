import type { ClusterReader, ConfigResource } from '../../../ports/cluster-reader.js'
import type { Move } from '../moves.js'
import { appliedId, resourcesOf } from './cover.js'
import { brokersOf, isWildcard, listsFor, parseEntries, THROTTLE_KEYS } from './entries.js'
import { throttleId, type HeldThrottle } from './held.js'
import { readReachable, resourceId, type ReadValues } from './read-values.js'
import type { Silence } from './silence.js'

/** How often what stands is looked at while moves are under way: seldom enough for thousands of topics. */
const LOOK_EVERY_MS = 10_000
/** What seems to be gone is looked at once more this much later: a broker may be behind. */
const LOOK_AGAIN_MS = 2_000
/** What was set within this time need not be visible yet. */
const SETTLED_MS = 10_000
/** A broker under load was seen to be 20 s behind: what it has never shown is taken for gone after this long only. */
const UNSEEN_MS = 60_000

/** A rate, or an entry of a list, that was set and does not stand there any more. */
export interface MissingThrottle {
  readonly resource: ConfigResource
  readonly key: string
  readonly entry: string
}

/** What a watch judges by. */
interface MissingInput {
  readonly moves: readonly Move[]
  readonly liveBrokers: ReadonlySet<number>
  /** The rate that a broker should have now, marked. */
  readonly rateOf: (broker: number) => number
  readonly current: ReadonlyMap<string, string | null>
  /** Rates of ours by throttle id: a broker that shows an earlier one is only behind. */
  readonly held: ReadonlyMap<string, Pick<HeldThrottle, 'entries'>>
  /** Whether a value was set so long ago, by {@link appliedId}. */
  readonly hasStood: (id: string, forMs: number) => boolean
}

/** Of what the moves need and what was set for them, that which is gone. `seen` keeps what has been visible, and grows. */
function findMissing(input: MissingInput, seen: Set<string>): readonly MissingThrottle[] {
  return [...missingRates(input, seen), ...missingEntries(input, seen)]
}

function missingRates(
  { moves, liveBrokers, rateOf, current, held, hasStood }: MissingInput,
  seen: Set<string>,
): readonly MissingThrottle[] {
  const live = brokersOf(moves).filter((id) => liveBrokers.has(id))
  return live.flatMap((broker) =>
    [THROTTLE_KEYS.leaderRate, THROTTLE_KEYS.followerRate].flatMap((key) => {
      const resource = { type: 'broker', name: String(broker) } as const
      const id = throttleId(resource, key)
      const standing = current.get(id) ?? ''
      const isOurs = held.get(id)?.entries.includes(standing) === true
      if (isOurs) seen.add(id)
      const entry = String(rateOf(broker))
      const forMs = seen.has(id) && !isOurs ? SETTLED_MS : UNSEEN_MS
      const isGone = standing !== entry && hasStood(appliedId(resource, key, entry), forMs)
      return isGone ? [{ resource, key, entry }] : []
    }),
  )
}

function missingEntries(
  { moves, current, hasStood }: MissingInput,
  seen: Set<string>,
): readonly MissingThrottle[] {
  return listsFor(moves).flatMap(({ topic, key, entries }) => {
    const resource = { type: 'topic', name: topic } as const
    const value = current.get(throttleId(resource, key)) ?? null
    if (isWildcard(value)) return []
    const standing = new Set(parseEntries(value))
    const isGone = (entry: string): boolean => {
      const id = appliedId(resource, key, entry)
      if (standing.has(entry)) seen.add(id)
      return !standing.has(entry) && hasStood(id, seen.has(id) ? SETTLED_MS : UNSEEN_MS)
    }
    return entries.filter(isGone).map((entry) => ({ resource, key, entry }))
  })
}

/** What a look has seen: of the moves and brokers, those whose throttles could be read. */
export interface ThrottleLook {
  readonly read: ReadValues
  readonly moves: readonly Move[]
  readonly liveBrokers: ReadonlySet<number>
}

/** Says when to look, and believes that something is gone when two looks in a row say so. */
export class ThrottleWatch {
  readonly #nowMs: () => number
  readonly #silence: Silence
  #suspects: ReadonlySet<string> = new Set()
  /** What of ours has been visible: list entries by {@link appliedId}, rates by throttle id. */
  readonly #seen = new Set<string>()
  #nextMs: number

  constructor(nowMs: () => number, silence: Silence) {
    this.#nowMs = nowMs
    this.#silence = silence
    this.#nextMs = nowMs() + LOOK_EVERY_MS
  }

  get isDue(): boolean {
    return this.#nowMs() >= this.#nextMs
  }

  /** Reads what stands for these moves; what cannot be read is left out of the looks that follow for a while. */
  async look(
    reader: Pick<ClusterReader, 'readConfigs'>,
    moves: readonly Move[],
    liveBrokers: ReadonlySet<number>,
  ): Promise<ThrottleLook> {
    this.#nextMs = this.#nowMs() + LOOK_EVERY_MS
    const resources = resourcesOf(moves).filter((resource) => this.#heeds(resource))
    const read = await readReachable(reader, resources, liveBrokers)
    for (const [id, { message }] of read.unread) this.#silence.note(id, message, false)
    const isThere = (name: string): boolean => this.#heeds({ type: 'topic', name })
    const isBrokerThere = (id: number): boolean => this.#heeds({ type: 'broker', name: String(id) })
    return {
      read,
      moves: moves.filter(({ topic }) => isThere(topic)),
      liveBrokers: new Set([...liveBrokers].filter(isBrokerThere)),
    }
  }

  #heeds(resource: ConfigResource): boolean {
    return this.#silence.isDue(resourceId(resource))
  }

  /** Of what a look misses, but for what is `excused`, that which the look before missed too. */
  confirm(
    input: MissingInput,
    isExcused: (missing: MissingThrottle) => boolean,
  ): readonly MissingThrottle[] {
    const missing = findMissing(input, this.#seen).filter((one) => !isExcused(one))
    const idOf = ({ resource, key, entry }: MissingThrottle): string =>
      appliedId(resource, key, entry)
    const gone = missing.filter((one) => this.#suspects.has(idOf(one)))
    this.#suspects = new Set(missing.filter((one) => !gone.includes(one)).map(idOf))
    for (const one of gone) {
      this.#seen.delete(idOf(one))
      this.#seen.delete(throttleId(one.resource, one.key))
    }
    if (this.#suspects.size > 0) this.#nextMs = this.#nowMs() + LOOK_AGAIN_MS
    return gone
  }
}
