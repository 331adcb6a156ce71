import { topicPartitionKey } from '../../../src/lib/model/topic-partition.js'
import type { IntervalTraffic } from '../../../src/lib/traffic/interval.js'
import { ratesOf } from '../../../src/lib/traffic/measure-interval.js'
import type { LoadReport } from '../../lab/load/spec.js'

/** One partition: bytes per second as measured and as the load generator did it. */
export interface Comparison {
  readonly key: string
  readonly inTruth: number
  readonly inMeasured: number | undefined
  readonly outTruth: number
  readonly outMeasured: number | undefined
  /** Above 1 % of all traffic: the figures have to hold. */
  readonly countsIn: boolean
  readonly countsOut: boolean
}

const MIN_SHARE = 0.01

/** Relative error; NaN when there is nothing to compare. */
export function errorOf(measured: number | undefined, truth: number): number {
  return measured === undefined || truth === 0 ? NaN : measured / truth - 1
}

/** Compares partition by partition; readers that never commit are no part of the truth here. */
export function compareWithTruth(
  traffic: IntervalTraffic,
  report: LoadReport,
): readonly Comparison[] {
  const seconds = (report.toMs - report.fromMs) / 1000
  const out = new Map<string, number>()
  for (const consumer of report.consumers.filter((c) => c.commits)) {
    const key = topicPartitionKey(consumer.topic, consumer.partition)
    out.set(key, (out.get(key) ?? 0) + consumer.bytes)
  }
  const totalIn = report.partitions.reduce((sum, p) => sum + p.bytes, 0)
  const totalOut = [...out.values()].reduce((sum, bytes) => sum + bytes, 0)
  return report.partitions.map((truth) => {
    const key = topicPartitionKey(truth.topic, truth.partition)
    const measured = traffic.partitions.get(key)
    const rates = measured === undefined ? undefined : ratesOf(measured)
    const outBytes = out.get(key) ?? 0
    return {
      key,
      inTruth: truth.bytes / seconds,
      inMeasured: rates?.bytesInPerSec,
      outTruth: outBytes / seconds,
      outMeasured: rates?.bytesOutPerSec,
      countsIn: truth.bytes > MIN_SHARE * totalIn,
      countsOut: outBytes > MIN_SHARE * totalOut,
    }
  })
}
