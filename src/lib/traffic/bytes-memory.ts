import { curveOf, valueAt, type Curve } from './curve.js'
import type { IntervalTraffic, PartitionTraffic } from './interval.js'

/** What is known of the bytes of older records of one partition, from intervals that were measured before. */
export interface RememberedBytes {
  readonly topicId?: string
  /** Offset to bytes before it, up to the end of the last interval. */
  readonly bytesByOffset: Curve
}

/** By `topic-partition`. */
export type BytesMemory = ReadonlyMap<string, RememberedBytes>

const MOST_KNOTS = 128

type Knot = readonly [offset: number, bytes: number]

/** Halves the resolution of the older half: what lies far back is read rarely, and in bulk. */
function thinned(knots: readonly Knot[]): readonly Knot[] {
  if (knots.length <= MOST_KNOTS) return knots
  const middle = knots.length >> 1
  return knots.filter((_, index) => index >= middle || index % 2 === 0)
}

const nothing: Curve = { x: [], y: [] }

/** Knots that retention has not reached, the nearest one below the log's start included. */
function keptKnots({ x, y }: Curve, start: number): readonly Knot[] {
  const knots = x.map((offset, index): Knot => [offset, y[index] ?? 0])
  return knots.filter((_, index) => (x[index + 1] ?? Infinity) > start)
}

const curveFor = (known: RememberedBytes | undefined, topicId: string | undefined): Curve =>
  known === undefined || known.topicId !== topicId ? nothing : known.bytesByOffset

/** Bytes of a whole interval, of which `coveredMs` were measured. */
function bytesOfInterval({ bytesIn, coveredMs }: PartitionTraffic, ms: number): number | undefined {
  return bytesIn === undefined || coveredMs <= 0 ? undefined : (bytesIn / coveredMs) * ms
}

function extend(
  known: RememberedBytes | undefined,
  traffic: PartitionTraffic,
  ms: number,
): RememberedBytes | null {
  const { logEndOffset: end, logStartOffset = 0, topicId } = traffic
  if (end === undefined) return known ?? null
  const curve = curveFor(known, topicId)
  const grown = bytesOfInterval(traffic, ms)
  const goesOn = grown !== undefined && end >= (curve.x.at(-1) ?? Infinity)
  const knots: readonly Knot[] = goesOn
    ? [...keptKnots(curve, logStartOffset), [end, (curve.y.at(-1) ?? 0) + grown]]
    : [[end, 0]]
  return { ...(topicId !== undefined && { topicId }), bytesByOffset: curveOf(thinned(knots)) }
}

/** Adds an interval to what is remembered; partitions that are gone are forgotten. */
export function rememberBytes(memory: BytesMemory, traffic: IntervalTraffic): BytesMemory {
  const ms = traffic.toMs - traffic.fromMs
  return new Map(
    [...traffic.partitions].flatMap(([key, partition]): [string, RememberedBytes][] => {
      const remembered = extend(memory.get(key), partition, ms)
      return remembered === null ? [] : [[key, remembered]]
    }),
  )
}

/** The remembered knots before an offset, in bytes relative to that offset: all negative, ascending. */
export function knotsBefore(
  memory: RememberedBytes | undefined,
  offset: number,
  topicId: string | undefined,
): readonly Knot[] {
  if (memory === undefined || memory.topicId !== topicId) return []
  const { x, y } = memory.bytesByOffset
  if (x.length < 2 || (x.at(-1) ?? 0) < offset) return []
  const zero = valueAt(memory.bytesByOffset, offset, 'local')
  return x.flatMap((at, index): Knot[] => (at < offset ? [[at, (y[index] ?? 0) - zero]] : []))
}
