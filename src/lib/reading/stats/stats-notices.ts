import type { BrokerSample } from '../../traffic/sample.js'
import type { TrafficWindow } from '../../traffic/window.js'
import type { SampleCount } from './read-samples.js'

interface Circumstances {
  readonly window: TrafficWindow
  readonly newest: readonly BrokerSample[]
  readonly missingBrokers: readonly number[]
  readonly count: SampleCount
  readonly atMs: number
  readonly windowMs: number
}

/** A window that is covered less than this is not what was asked for. */
const WELL_COVERED = 0.9
/** So many intervals may pass before the newest sample counts as old. */
const OLD_AFTER_INTERVALS = 3

function minutes(ms: number): string {
  const whole = Math.round(ms / 60_000)
  if (whole < 1) return `${Math.round(ms / 1000)} s`
  return whole < 120 ? `${whole} min` : `${Math.round(whole / 60)} h`
}

function coverage({ window, windowMs }: Circumstances): readonly string[] {
  const covered = window.coveredMs()
  if (covered === 0 || covered >= WELL_COVERED * windowMs) return []
  return [`samples cover ${minutes(covered)} of the window of ${minutes(windowMs)}`]
}

function age({ newest, atMs }: Circumstances): readonly string[] {
  const [first] = newest
  if (first === undefined) return []
  const ageMs = atMs - first.toMs
  const allowed = OLD_AFTER_INTERVALS * Math.max(60_000, first.toMs - first.fromMs)
  return ageMs <= allowed
    ? []
    : [`the newest sample is ${minutes(ageMs)} old: is the collector running?`]
}

function unread({ count }: Circumstances): readonly string[] {
  if (count.unreadPartitions === 0) return []
  return [`${count.unreadPartitions} partitions of the stats topic could not be read`]
}

function skipped({ count }: Circumstances): readonly string[] {
  const entries = Object.entries(count.skipped).filter(([, number]) => number > 0)
  if (entries.length === 0) return []
  return [
    `records that are no samples of ours were skipped: ${entries.map(([why, n]) => `${n} ${why}`).join(', ')}`,
  ]
}

/** What the figures of a window do not hold, one sentence each; what the source cannot see comes first. */
export function statsNotices(circumstances: Circumstances): readonly string[] {
  const { newest, missingBrokers } = circumstances
  const missing =
    missingBrokers.length === 0
      ? []
      : [`samples of brokers ${missingBrokers.join(', ')} are missing`]
  return [
    ...new Set([
      ...newest.flatMap((sample) => sample.notices),
      ...coverage(circumstances),
      ...age(circumstances),
      ...missing,
      ...unread(circumstances),
      ...skipped(circumstances),
    ]),
  ]
}
