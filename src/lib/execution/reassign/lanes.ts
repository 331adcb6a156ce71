import type { Move } from './moves.js'
import { rateOf, type ProgressPoint } from './progress.js'

/** Bytes by lane: `3 in`, `3 out`. A throttle holds for each broker and direction, so each of them is a lane. */
export type BytesByLane = ReadonlyMap<string, number>

/** What a move needs in all, by lane: its new replicas share it, and the source, where one is known, sends the whole of it. */
export function spreadOverLanes(
  { adding }: Pick<Move, 'adding'>,
  total: number,
  source: number | null,
): readonly (readonly [string, number])[] {
  if (adding.length === 0) return []
  const received = adding.map((id) => [`${id} in`, total / adding.length] as const)
  return source === null ? received : [...received, [`${source} out`, total]]
}

/**
 * Adds bytes of moves up by lane. A move's bytes are shared by its new replicas; the old preferred leader counts as the
 * source.
 */
export function sumByLane(
  moves: readonly { readonly move: Move; readonly bytes: number }[],
): BytesByLane {
  const lanes = new Map<string, number>()
  for (const { move, bytes } of moves) {
    for (const [lane, own] of spreadOverLanes(move, bytes, move.from[0] ?? -1))
      lanes.set(lane, (lanes.get(lane) ?? 0) + own)
  }
  return lanes
}

/** The lane with the most bytes: it sets the pace. Null when there is none. */
export function busiestLane(
  lanes: BytesByLane,
): { readonly lane: string; readonly bytes: number } | null {
  let busiest: { lane: string; bytes: number } | null = null
  for (const [lane, bytes] of lanes) {
    if (busiest === null || bytes > busiest.bytes) busiest = { lane, bytes }
  }
  return busiest
}

/** A lane's rate is trusted when it was watched for this long: throttles let bytes through in lumps. */
const TRUSTED_MS = 15_000

/** Of a throttle so much arrives: a follower that finds its quota used up looks again a little late. */
const SHARE_OF_THROTTLE = 0.95

/**
 * Seconds until the busiest lane is done: at the rate that it was seen to have, at first at what arrives of the throttle.
 * Null when neither is known.
 */
export function laneSeconds(
  left: BytesByLane,
  points: readonly ProgressPoint[],
  throttleBytesPerSec: number | null,
): number | null {
  const busiest = busiestLane(left)
  if (busiest === null || busiest.bytes <= 0) return 0
  const rate = measuredRate(busiest.lane, points) ?? shareOf(throttleBytesPerSec)
  return rate === null || rate <= 0 ? null : Math.ceil(busiest.bytes / rate)
}

const shareOf = (throttle: number | null): number | null =>
  throttle === null ? null : throttle * SHARE_OF_THROTTLE

/** The rate of the lane that was seen to be the fastest; null before one was watched for long enough. */
export function fastestLane(points: readonly ProgressPoint[]): number | null {
  const lanes = new Set(points.flatMap((point) => [...(point.lanes?.keys() ?? [])]))
  const rates = [...lanes].map((lane) => measuredRate(lane, points) ?? 0)
  const fastest = Math.max(0, ...rates)
  return fastest > 0 ? fastest : null
}

function measuredRate(lane: string, points: readonly ProgressPoint[]): number | null {
  const own = points.flatMap(({ atMs, lanes }) =>
    lanes === undefined ? [] : [{ atMs, bytes: lanes.get(lane) ?? 0 }],
  )
  const moving = own.slice(
    Math.max(
      0,
      own.findIndex(({ bytes }) => bytes > 0),
    ),
  )
  const first = moving[0]
  const last = moving.at(-1)
  if (first === undefined || last === undefined || last.atMs - first.atMs < TRUSTED_MS) return null
  const rate = rateOf(moving)
  return rate === 0 ? null : rate
}
