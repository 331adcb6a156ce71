import { formatBytes } from '../../units/format-quantity.js'
import { spreadOverLanes } from './lanes.js'
import type { Move } from './moves.js'

/** How much may be under way at the same time. */
export interface BatchLimits {
  /** Replicas that one broker may receive at a time. */
  readonly inPerBroker: number
  /** Replicas that one broker may send at a time, counted at the partition's leader. */
  readonly outPerBroker: number
  /** Partitions of the whole cluster. */
  readonly partitions: number
  /** Bytes of new replicas; one move is always allowed. */
  readonly bytes: number
}

/** How much may come in one piece. */
export interface FetchLimits {
  /** Full fetches that one broker may receive, or send, at a time; partitions smaller than a fetch count in part. */
  readonly perBroker: number
  /** What a fetch brings of each partition that is behind. */
  readonly fetchBytes: number
}

/** Limits of a throttle that spares clients, too. */
export interface SparingLimits extends BatchLimits {
  readonly fetches?: FetchLimits
}

/** Used where neither a flag nor the configuration says otherwise. */
export const DEFAULT_LIMITS: BatchLimits = {
  inPerBroker: 5,
  outPerBroker: 5,
  partitions: 100,
  bytes: 100e9,
}

/** A move with what its order and its cost depend on, as read from the cluster. */
export interface Candidate {
  readonly move: Move
  readonly underReplicated: boolean
  readonly internal: boolean
  /** The leader, from which new replicas copy; null while there is none. */
  readonly source: number | null
  /** Bytes of its new replicas as disks were read last; absent: the plan's figure, which may be old. */
  readonly bytes?: number
}

const bytesOf = ({ move, bytes }: Candidate): number => bytes ?? move.bytesToMove

const rank = ({ internal, underReplicated }: Candidate): number =>
  internal ? 2 : underReplicated ? 0 : 1

/** Under-replicated partitions first, internal topics last, and otherwise as the plan has it. */
export function orderCandidates(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort((a, b) => rank(a) - rank(b) || a.move.step - b.move.step)
}

interface Usage {
  /** Full fetches by `broker in` and `broker out`. */
  readonly fetches: Map<string, number>
  readonly incoming: Map<number, number>
  readonly outgoing: Map<number, number>
  partitions: number
  bytes: number
}

const count = <K>(map: ReadonlyMap<K, number>, key: K): number => map.get(key) ?? 0

/** Full fetches by lane: a source sends what each new replica receives. */
function fetchesByLane(
  candidate: Candidate,
  fetchBytes: number,
): readonly (readonly [string, number])[] {
  const { move, source } = candidate
  const fetches = Math.min(move.adding.length, bytesOf(candidate) / fetchBytes)
  return spreadOverLanes(move, fetches, source)
}

/** Beside nothing, anything may be fetched. */
function fetchesFit(candidate: Candidate, usage: Usage, { fetches }: SparingLimits): boolean {
  if (fetches === undefined) return true
  return fetchesByLane(candidate, fetches.fetchBytes).every(([lane, own]) => {
    const others = count(usage.fetches, lane)
    return others === 0 || others + own <= fetches.perBroker
  })
}

function fits(candidate: Candidate, usage: Usage, limits: SparingLimits): boolean {
  const { move, source } = candidate
  if (usage.partitions >= limits.partitions) return false
  if (move.adding.length === 0 || usage.partitions === 0) return true
  const roomIn = move.adding.every((broker) => count(usage.incoming, broker) < limits.inPerBroker)
  if (!fetchesFit(candidate, usage, limits)) return false
  const roomOut = source === null || sendingFits(count(usage.outgoing, source), move, limits)
  return roomIn && roomOut && usage.bytes + bytesOf(candidate) <= limits.bytes
}

/** What one move sends to all its new replicas counts; beside nothing else that its source sends it may always start. */
function sendingFits(others: number, { adding }: Move, { outPerBroker }: BatchLimits): boolean {
  return others === 0 || others + adding.length <= outPerBroker
}

/** How a move exceeds limits by itself: it is started all the same when nothing stands beside it, or it never would be. */
export function limitsExceeded(
  candidate: Candidate,
  { outPerBroker, bytes }: BatchLimits,
): readonly string[] {
  const { move, source } = candidate
  const sent = move.adding.length
  const told: string[] = []
  if (source !== null && sent > outPerBroker) {
    told.push(`has ${sent} replicas to send, more than --max-out-per-broker ${outPerBroker}`)
  }
  if (bytesOf(candidate) > bytes) {
    const own = formatBytes(bytesOf(candidate))
    told.push(`has ${own} to copy, more than --max-bytes-in-flight ${formatBytes(bytes)}`)
  }
  return told
}

function occupy(candidate: Candidate, usage: Usage, { fetches }: SparingLimits): void {
  const { move, source } = candidate
  const byLane = fetches === undefined ? [] : fetchesByLane(candidate, fetches.fetchBytes)
  for (const [lane, own] of byLane) usage.fetches.set(lane, count(usage.fetches, lane) + own)
  usage.partitions += 1
  usage.bytes += bytesOf(candidate)
  for (const broker of move.adding) usage.incoming.set(broker, count(usage.incoming, broker) + 1)
  if (source !== null && move.adding.length > 0) {
    usage.outgoing.set(source, count(usage.outgoing, source) + move.adding.length)
  }
}

/** What may start now beside what is under way. An internal topic starts only when nothing else is left. */
export function pickNextMoves(
  waiting: readonly Candidate[],
  underWay: readonly Candidate[],
  limits: SparingLimits,
): readonly Candidate[] {
  const usage: Usage = {
    fetches: new Map(),
    incoming: new Map(),
    outgoing: new Map(),
    partitions: 0,
    bytes: 0,
  }
  for (const candidate of underWay) occupy(candidate, usage, limits)
  const ordered = orderCandidates(waiting)
  const onlyInternalLeft = [...waiting, ...underWay].every(({ internal }) => internal)
  const picked: Candidate[] = []
  for (const candidate of ordered) {
    if (candidate.internal && !onlyInternalLeft) continue
    if (!fits(candidate, usage, limits)) continue
    occupy(candidate, usage, limits)
    picked.push(candidate)
  }
  return picked
}
