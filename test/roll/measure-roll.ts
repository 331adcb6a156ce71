import type { Lab } from '../lab/index.js'
import { createTopic } from '../lab/index.js'
import {
  type ClientTruth,
  Operator,
  processesOf,
  produceAll,
  reportOf,
} from '../live/roll-support.js'
import { splitTurns, type TurnParts } from './breakdown.js'
import { beganAt, lastPhaseBefore, readPhases, timeOf } from './phases.js'
import { harmOf, TOPIC } from './stage.js'
import { backInSync, watchSync } from './sync-watch.js'

/** Each of the racks {1,4}, {2,5}, {3,6} once in every list; each broker leads two. */
const ASSIGNMENT = [1, 2, 3, 4, 5, 6].flatMap((id) => {
  const next = (id % 6) + 1
  const afterNext = (next % 6) + 1
  const other = ((afterNext + 2) % 6) + 1
  return [
    [id, next, afterNext],
    [id, next, other],
  ]
})

/** One roll under load, and what it came to. */
export interface MeasuredRoll {
  readonly code: number | null
  readonly stderr: string
  readonly seconds: number
  readonly truth: ClientTruth
  /** Brokers whose process is the one from before. */
  readonly sameProcess: readonly number[]
  readonly harm: readonly string[]
  /** Seconds from each stop until all replicas were in sync again, as seen from outside. */
  readonly busySeconds: readonly number[]
  /** What the roll took beyond those, for each broker; counts only where one follows the other. */
  readonly overheadSeconds: number
  /** Where the time of each turn went; counts only where one follows the other. */
  readonly turns: readonly TurnParts[]
  /** What the roll did last before the longest gap of each partition began. */
  readonly gapCauses: readonly string[]
}

/** Creates the topic that the rolls are judged by. */
export async function prepareTopic(lab: Lab): Promise<void> {
  await createTopic(lab, TOPIC, ASSIGNMENT, { 'min.insync.replicas': '2' })
}

/** Restarts all brokers while a client produces to every partition with acks=all. */
export async function measureRoll(lab: Lab, args: readonly string[]): Promise<MeasuredRoll> {
  const before = processesOf(lab)
  const stopWatching = watchSync(lab, TOPIC)
  const stopProducing = await produceAll(lab, TOPIC, ASSIGNMENT.length)
  const ran = await new Operator(lab).restart(args).ended
  const truth = await stopProducing()
  const looks = await stopWatching()
  const after = processesOf(lab)
  const report = reportOf(ran)
  const phases = readPhases(report.journal)
  const inSyncMs = new Map(
    report.brokers.map(({ broker }) => {
      const fromMs = timeOf(phases, broker, 'stopping')
      const toMs = timeOf(phases, broker, 'recovered')
      return [broker, backInSync(looks, broker, { fromMs, toMs })]
    }),
  )
  const busySeconds = [...inSyncMs].map(
    ([broker, atMs]) => (atMs - timeOf(phases, broker, 'stopping')) / 1000,
  )
  const busy = busySeconds.reduce((sum, seconds) => sum + seconds, 0)
  return {
    code: ran.code,
    stderr: ran.stderr,
    seconds: report.seconds,
    truth,
    sameProcess: [...before.keys()].filter((id) => before.get(id) === after.get(id)),
    harm: await harmOf(lab),
    busySeconds,
    overheadSeconds: (report.seconds - busy) / report.brokers.length,
    gapCauses: truth.gapEndsMs.map((endMs, partition) =>
      lastPhaseBefore(phases, endMs - (truth.gapsMs[partition] ?? 0) / 2),
    ),
    turns: splitTurns(phases, beganAt(report.journal), inSyncMs),
  }
}

/** The longest gap between two acknowledgements of each partition, of several rolls beside each other. */
export function describeGaps(rolls: Readonly<Record<string, MeasuredRoll>>): string {
  const entries = Object.entries(rolls)
  const row = (name: string, cells: readonly string[]): string =>
    [name.padEnd(12), ...cells.map((cell) => cell.padStart(24))].join('')
  const partitions = entries[0]?.[1].truth.gapsMs.keys() ?? []
  const lines = [...partitions].map((partition) =>
    row(
      `${TOPIC}-${partition}`,
      entries.map(
        ([, { truth, gapCauses }]) =>
          `${truth.gapsMs[partition] ?? 0} (${gapCauses[partition] ?? '?'})`,
      ),
    ),
  )
  const means = entries.map(
    ([
      ,
      {
        truth: { gapsMs },
      },
    ]) => Math.round(gapsMs.reduce((sum, gap) => sum + gap, 0) / gapsMs.length).toString(),
  )
  const titles = entries.map(([name]) => name)
  return ['longest gap in acks, ms', row('', titles), ...lines, row('mean', means)].join('\n')
}
