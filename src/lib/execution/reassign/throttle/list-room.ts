import type { Move } from '../moves.js'
import { isWildcard, listsFor, parseEntries } from './entries.js'
import { throttleId, type HeldThrottle } from './held.js'

/**
 * The longest list that is made, in bytes. KRaft stores a value as a string of at most 32,767 bytes, and before 4.1 the
 * controller fails over a longer one (KAFKA-18020); the rest is for what others add meanwhile.
 */
export const LONGEST_LIST_BYTES = 30_000

type Values = ReadonlyMap<string, string | null>
type Held = ReadonlyMap<string, Pick<HeldThrottle, 'entries'>>

/** A list as it grows, by its length in bytes; entries are counted once. */
export class GrowingList {
  readonly #entries: Set<string>
  readonly #isWildcard: boolean
  #bytes: number

  constructor(entries: readonly string[]) {
    this.#entries = new Set(entries)
    this.#isWildcard = isWildcard(entries.join(','))
    this.#bytes = bytesOf([...this.#entries])
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether there is room for these, too; one that covers everything already gets none of them. */
  hasRoomFor(more: readonly string[]): boolean {
    if (this.#isWildcard) return true
    const missing = this.#missing(more)
    return missing.length === 0 || this.#bytes + bytesOf(missing) <= LONGEST_LIST_BYTES
  }

  add(more: readonly string[]): void {
    const missing = this.#missing(more)
    this.#bytes += bytesOf(missing)
    for (const entry of missing) this.#entries.add(entry)
  }

  #missing(more: readonly string[]): readonly string[] {
    return [...new Set(more)].filter((entry) => !this.#entries.has(entry))
  }
}

/** Of these moves, in their order, those whose entries the lists of their topics have room for, beside all that stands or is held. */
export function movesWithRoom(
  moves: readonly Move[],
  current: Values,
  held: Held,
): readonly Move[] {
  const lists = new Map<string, GrowingList>()
  const listOf = (id: string): GrowingList => {
    const known = lists.get(id)
    if (known !== undefined) return known
    const standing = [...parseEntries(current.get(id) ?? null), ...(held.get(id)?.entries ?? [])]
    const list = new GrowingList(standing)
    lists.set(id, list)
    return list
  }
  return moves.filter((move) => {
    const wanted = wantedBy(move).map(({ id, entries }) => ({ list: listOf(id), entries }))
    if (!wanted.every(({ list, entries }) => list.hasRoomFor(entries))) return false
    for (const { list, entries } of wanted) list.add(entries)
    return true
  })
}

/** A list that is so long by others' entries alone that there is no room for one move. */
export interface FullList {
  readonly topic: string
  readonly key: string
  readonly bytes: number
}

/** What of the moves that are to start may be put under the throttle. */
export interface Admission {
  /** Those that may start; the others wait until lists have room. */
  readonly moves: readonly Move[]
  /** A list in which there will be no room however long one waits; null when there is none. */
  readonly full: FullList | null
}

/** Which moves there is room for. `isOurs`: an entry that is held, or was given back and can still be seen. */
export function chooseAdmitted(
  candidates: readonly Move[],
  current: Values,
  held: Held,
  isOurs: (id: string, entry: string) => boolean,
): Admission {
  const moves = movesWithRoom(candidates, current, held)
  const admitted = new Set(moves)
  const lists = new Map<string, GrowingList>()
  const listOfOthers = (id: string): GrowingList => {
    const known = lists.get(id)
    if (known !== undefined) return known
    const standing = parseEntries(current.get(id) ?? null)
    const list = new GrowingList(standing.filter((entry) => !isOurs(id, entry)))
    lists.set(id, list)
    return list
  }
  for (const move of candidates.filter((one) => !admitted.has(one))) {
    const full = fullListOf(move, listOfOthers)
    if (full !== null) return { moves, full }
  }
  return { moves, full: null }
}

/** The first of the lists of a move that would be too long even if nothing of ours stood in it; null when none is. */
function fullListOf(move: Move, listOfOthers: (id: string) => GrowingList): FullList | null {
  for (const { id, topic, key, entries } of wantedBy(move)) {
    const others = listOfOthers(id)
    if (!others.hasRoomFor(entries)) return { topic, key, bytes: others.bytes }
  }
  return null
}

function wantedBy(move: Move) {
  return listsFor([move]).map((list) => ({
    ...list,
    id: throttleId({ type: 'topic', name: list.topic }, list.key),
  }))
}

/** Bytes of entries with a comma each; they are digits and colons. */
function bytesOf(entries: readonly string[]): number {
  return entries.reduce((sum, entry) => sum + entry.length + 1, 0)
}
