import type { ReplicaSample } from '../../../traffic/sample.js'
import type { WireSample } from './wire-sample.js'

/** An interval longer than this is a broken clock, not a measurement. */
const LONGEST_INTERVAL_MS = 48 * 3_600_000

const counts = (value: number | null): boolean =>
  value === null || (Number.isSafeInteger(value) && value >= 0)

const isLimit = (value: number | null): boolean =>
  value === null || (Number.isFinite(value) && value >= 0)

function isPlausibleReplica(replica: ReplicaSample, intervalMs: number): boolean {
  const { coveredMs, bytesIn, bytesOut, state } = replica
  const figures = [
    replica.partition,
    replica.sizeBytes,
    replica.logStartOffset,
    replica.logEndOffset,
    coveredMs,
    bytesIn,
    bytesOut,
    state?.sizeBytes ?? null,
  ]
  const measured = bytesIn !== null || bytesOut !== null
  // Sizes are read a little after the start and the end of an interval, so the time covered may be a little longer.
  return figures.every(counts) && coveredMs <= 2 * intervalMs && (!measured || coveredMs > 0)
}

function isPlausibleBroker({ id, capacity, logDirs }: WireSample['broker']): boolean {
  const limits = [capacity?.inBytesPerSec, capacity?.outBytesPerSec, capacity?.diskBytes]
  return (
    counts(id) &&
    limits.every((limit) => isLimit(limit ?? null)) &&
    (logDirs ?? []).every((dir) => counts(dir.totalBytes) && counts(dir.usableBytes))
  )
}

/**
 * Could this have been measured? The topic is untrusted: bytes that happen to decode must not bring negative or infinite
 * figures into a plan.
 */
export function isPlausible(sample: WireSample): boolean {
  const { fromMs, toMs, capturedAtMs, part, parts } = sample
  const intervalMs = toMs - fromMs
  return (
    [fromMs, capturedAtMs, part].every(counts) &&
    intervalMs > 0 &&
    intervalMs <= LONGEST_INTERVAL_MS &&
    part < parts &&
    isPlausibleBroker(sample.broker) &&
    sample.topics.every((t) => t.replicas.every((r) => isPlausibleReplica(r, intervalMs)))
  )
}
