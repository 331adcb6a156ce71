import type { Finding } from '../model/finding.js'
import type { Snapshot } from '../model/snapshot.js'
import { topicPartitionKey } from '../model/topic-partition.js'
import type { TrafficWindow } from './window.js'

/** What the samples of a window are held against. */
export interface SampleFacts {
  readonly window: TrafficWindow
  /** The cluster as it is now. */
  readonly live: Snapshot
  /** Brokers whose samples are missing from the newest collection. */
  readonly missingBrokers: readonly number[]
  /** Records that are no samples of ours. */
  readonly skippedRecords: number
  /** What the source cannot see. */
  readonly notices: readonly string[]
  readonly atMs: number
}

/** Under this share of partitions with figures a plan for in or out is refused. */
const ENOUGH_COVERED = 0.95
const OLD_AFTER_MS = 5 * 60_000
const FEW_GAPS = 0.9
const NAMED = 3

type Check = (facts: SampleFacts) => readonly Finding[]

const finding = (
  code: string,
  severity: Finding['severity'],
  message: string,
  nextSteps: readonly string[] = [],
): Finding => ({ code, severity, subject: 'samples', message, nextSteps })

const minutes = (ms: number): string => `${Math.round(ms / 60_000)} min`

const checkAge: Check = ({ window, atMs }) => {
  const span = window.span()
  const start = ['Start a collector: klinic stats collect']
  if (span === null)
    return [finding('NO_SAMPLES', 'blocker', 'the window holds no samples of this cluster', start)]
  const ageMs = atMs - span.toMs
  if (ageMs <= OLD_AFTER_MS) return []
  return [finding('SAMPLES_OLD', 'warning', `the newest sample is ${minutes(ageMs)} old`, start)]
}

const checkGaps: Check = ({ window }) => {
  const span = window.span()
  if (span === null) return []
  const lengthMs = span.toMs - span.fromMs
  const covered = window.coveredMs()
  if (covered >= FEW_GAPS * lengthMs) return []
  const message = `samples cover ${minutes(covered)} of the ${minutes(lengthMs)} between the first and the last`
  return [finding('SAMPLES_WITH_GAPS', 'warning', message)]
}

const checkBrokers: Check = ({ missingBrokers }) =>
  missingBrokers.length === 0
    ? []
    : [
        finding(
          'BROKERS_WITHOUT_SAMPLES',
          'warning',
          `the newest collection lacks samples of brokers ${missingBrokers.join(', ')}`,
        ),
      ]

const checkPartitions: Check = ({ window, live }) => {
  if (window.span() === null) return []
  const all = live.topics.flatMap((topic) =>
    topic.partitions.map((partition) => ({ topic, partition })),
  )
  const unknown = all
    .filter(({ topic, partition }) => {
      const figures = window.figuresOf(topic.name, topic.topicId, partition.id)
      return figures.bytesInPerSec === undefined || figures.bytesOutPerSec === undefined
    })
    .map(({ topic, partition }) => topicPartitionKey(topic.name, partition.id))
  if (unknown.length === 0) return []
  const enough = all.length - unknown.length >= ENOUGH_COVERED * all.length
  const names = unknown.slice(0, NAMED).join(', ') + (unknown.length > NAMED ? ', …' : '')
  const message = `${unknown.length} of ${all.length} partitions have no figure: ${names}`
  const severity = enough ? 'info' : 'warning'
  return [{ ...finding('PARTITIONS_WITHOUT_FIGURES', severity, message), partitions: unknown }]
}

const checkRecords: Check = ({ skippedRecords }) =>
  skippedRecords === 0
    ? []
    : [
        finding(
          'RECORDS_SKIPPED',
          'info',
          `${skippedRecords} records of the topic are no samples that this version can read`,
        ),
      ]

const checkSource: Check = ({ notices }) =>
  notices.map((notice) => finding('SOURCE_LIMIT', 'info', notice))

const CHECKS: readonly Check[] = [
  checkAge,
  checkGaps,
  checkBrokers,
  checkPartitions,
  checkRecords,
  checkSource,
]

/** Can a plan build on these samples? Gravest findings first, as the checks stand. */
export function checkSamples(facts: SampleFacts): readonly Finding[] {
  return CHECKS.flatMap((check) => check(facts))
}
