import { count } from '../../health/wording.js'
import { formatBytes, formatBytesPerSec } from '../../units/format-quantity.js'
import { formatSeconds } from '../../units/format-seconds.js'

/** What an execution would do, in figures: the result document of a dry run. */
export interface PreparationDocument {
  readonly planId: string
  readonly clusterId: string
  readonly dryRun: true
  /** Steps of the plan; a partition may take two. */
  readonly moves: number
  /** Partitions that would be changed. */
  readonly partitions: number
  /** Partitions that a flag leaves out. */
  readonly skipped: number
  /** Partitions that somebody brought there before: nothing is copied for them. */
  readonly alreadyDone: number
  readonly bytesToMove: number
  readonly throttleBytesPerSec: number | null
  /** With a throttle that follows what brokers can spare, how far it may go; the figure before is its least. */
  readonly throttleMaxBytesPerSec?: number
  /** What the throttle allows at best; null without one. */
  readonly shortestSeconds: number | null
  /** Guards that stood in the way and were lifted by flags, a sentence each. */
  readonly lifted: readonly string[]
}

function describeThrottle({
  throttleBytesPerSec,
  throttleMaxBytesPerSec,
}: Pick<PreparationDocument, 'throttleBytesPerSec' | 'throttleMaxBytesPerSec'>): string {
  if (throttleBytesPerSec === null) return 'without a throttle'
  const rate = formatBytesPerSec(throttleBytesPerSec)
  return throttleMaxBytesPerSec === undefined
    ? `at ${rate} for each broker`
    : `at what each broker can spare, ${rate} to ${formatBytesPerSec(throttleMaxBytesPerSec)}`
}

/** `move 12 partitions, 3.10 GB, at 50 MB/s a broker, 62 s at best`: for the question and for a dry run. */
export function describeWork(work: Omit<PreparationDocument, 'dryRun' | 'planId'>): string {
  const { partitions, skipped, alreadyDone, bytesToMove, shortestSeconds } = work
  const parts = [`move ${count(partitions, 'partition')}`]
  if (bytesToMove > 0) {
    parts.push(formatBytes(bytesToMove))
    parts.push(describeThrottle(work))
    if (shortestSeconds !== null) parts.push(`at least ${formatSeconds(shortestSeconds)}`)
  }
  if (alreadyDone > 0) parts.push(`${alreadyDone} more are as planned already`)
  if (skipped > 0) parts.push(`leaving out ${skipped}`)
  return parts.join(', ')
}

/** A dry run for people. */
export function renderDryRun(work: PreparationDocument): string {
  const lifted = work.lifted.map((text) => `  lifted: ${text}`)
  const verdict =
    work.moves === 0
      ? 'Every partition is as it wants it: nothing to do'
      : `It would ${describeWork(work)}`
  return [
    `Plan ${work.planId} fits cluster ${work.clusterId}. ${verdict}.`,
    ...lifted,
    'Nothing was changed.',
  ].join('\n')
}
