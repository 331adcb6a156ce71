import type { BrokerSample } from '../../traffic/sample.js'
import { formatBytesPerSec } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'

/** Result of `stats collect`. Rates are means over everything that was collected. */
export interface CollectionSummary {
  readonly clusterId: string | null
  /** Topic or file. */
  readonly target: string
  readonly collections: number
  readonly samples: number
  readonly from: string | null
  readonly to: string | null
  /** Producers' bytes and consumers' bytes per second, replication not included; null when nothing was measured. */
  readonly bytesInPerSec: number | null
  readonly bytesOutPerSec: number | null
  /** Partitions without figures in the last collection. */
  readonly unmeasuredPartitions: number
  readonly notices: readonly string[]
}

interface Sums {
  inPerSec: number
  outPerSec: number
  unmeasured: number
}

function sumsOf(samples: readonly BrokerSample[]): Sums {
  const sums: Sums = { inPerSec: 0, outPerSec: 0, unmeasured: 0 }
  for (const replica of samples.flatMap((s) => s.topics.flatMap((topic) => topic.replicas))) {
    if (replica.coveredMs > 0) {
      sums.inPerSec += ((replica.bytesIn ?? 0) / replica.coveredMs) * 1000
      sums.outPerSec += ((replica.bytesOut ?? 0) / replica.coveredMs) * 1000
    }
    if (replica.state !== null && replica.bytesIn === null) sums.unmeasured += 1
  }
  return sums
}

/** Counts collections as they are published. */
export function summariseCollection(target: string): {
  add(samples: readonly BrokerSample[]): void
  summary(): CollectionSummary
} {
  let collections = 0
  let samples = 0
  let first: BrokerSample | undefined
  let last: BrokerSample | undefined
  let weighted = { inBytes: 0, outBytes: 0, ms: 0, unmeasured: 0 }
  return {
    add(published) {
      const [one] = published
      if (one === undefined) return
      const { inPerSec, outPerSec, unmeasured } = sumsOf(published)
      const ms = one.toMs - one.fromMs
      collections += 1
      samples += published.length
      first ??= one
      last = one
      weighted = {
        inBytes: weighted.inBytes + inPerSec * ms,
        outBytes: weighted.outBytes + outPerSec * ms,
        ms: weighted.ms + ms,
        unmeasured,
      }
    },
    summary: () => ({
      clusterId: first?.clusterId ?? null,
      target,
      collections,
      samples,
      from: first === undefined ? null : new Date(first.fromMs).toISOString(),
      to: last === undefined ? null : new Date(last.toMs).toISOString(),
      bytesInPerSec: weighted.ms > 0 ? Math.round(weighted.inBytes / weighted.ms) : null,
      bytesOutPerSec: weighted.ms > 0 ? Math.round(weighted.outBytes / weighted.ms) : null,
      unmeasuredPartitions: weighted.unmeasured,
      notices: last?.notices ?? [],
    }),
  }
}

/** One screen about a collection. */
export function renderCollection(summary: CollectionSummary, style: Style): string {
  if (summary.collections === 0) return 'Nothing was collected.'
  const rate = (value: number | null): string =>
    value === null ? 'unknown' : formatBytesPerSec(value)
  const { collections, samples, target, unmeasuredPartitions: unmeasured } = summary
  const times = collections === 1 ? 'one collection' : `${collections} collections`
  return [
    `${style.bold(times)} of ${summary.clusterId ?? 'unknown'}, ${samples} samples, to ${sanitiseLine(target)}`,
    `producers ${rate(summary.bytesInPerSec)}, consumers ${rate(summary.bytesOutPerSec)} (replication not included)`,
    ...(unmeasured > 0 ? [style.yellow(`${unmeasured} partitions without figures`)] : []),
    ...summary.notices.map((notice) => style.dim(`note: ${sanitiseLine(notice)}`)),
  ].join('\n')
}
