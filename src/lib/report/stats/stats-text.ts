import type { PartialView } from '../../model/snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import { formatBytes, formatBytesPerSec } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'
import { bar } from './bar.js'
import type { StatsDocument } from './stats-document.js'

/** How much is shown, and of what. */
export interface StatsView {
  readonly by: 'all' | 'brokers' | 'topics' | 'partitions'
  /** Rows of topics and partitions. */
  readonly top: number
}

const BAR_WIDTH = 16
const rate = (value: number | undefined): string =>
  value === undefined ? 'unknown' : formatBytesPerSec(value)

const most = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0)

function header(document: StatsDocument, style: Style): string {
  const { cluster, traffic, partialView } = document
  const name = cluster.name === undefined ? '' : `${sanitiseLine(cluster.name)}  `
  const title = style.bold(`Traffic of ${name}${cluster.id}`)
  if (traffic === undefined) return `${title}\n${style.yellow('no traffic figures')}`
  const time = (text: string): string => text.replace('T', ' ').replace(/\.\d+Z$/, '')
  const what = `${traffic.statistic} from ${time(traffic.from)} to ${time(traffic.to)} UTC`
  const unseen =
    traffic.unseenShare === undefined
      ? []
      : [style.yellow(`${(traffic.unseenShare * 100).toFixed(1)} % of bytes out are unseen`)]
  const notices = (traffic.notices ?? []).map((notice) =>
    style.dim(`note: ${sanitiseLine(notice)}`),
  )
  const hidden = partialView === undefined ? [] : [style.yellow(describeHidden(partialView))]
  return [title, `${what}, source ${traffic.source}`, ...hidden, ...unseen, ...notices].join('\n')
}

const describeHidden = ({ hiddenPartitions, examples }: PartialView): string =>
  `not in these figures: ${hiddenPartitions} partitions that are not shown to us, among them ${examples.map(sanitiseLine).join(', ')} (TOPIC *:DESCRIBE)`

function brokersTable({ brokers }: StatsDocument): string {
  const topIn = most(brokers.map((b) => b.inBytesPerSec))
  const topOut = most(brokers.map((b) => b.outBytesPerSec))
  return renderTable(
    [
      { title: 'BROKER', align: 'right' },
      { title: 'RACK' },
      { title: 'IN', align: 'right' },
      { title: '' },
      { title: 'OUT', align: 'right' },
      { title: '' },
      { title: 'DISK', align: 'right' },
      { title: 'LEADERS', align: 'right' },
    ],
    brokers.map((broker) => [
      String(broker.id),
      sanitiseLine(broker.rack ?? '-'),
      rate(broker.inBytesPerSec),
      bar(broker.inBytesPerSec, topIn, BAR_WIDTH),
      rate(broker.outBytesPerSec),
      bar(broker.outBytesPerSec, topOut, BAR_WIDTH),
      formatBytes(broker.diskBytes),
      String(broker.leaders),
    ]),
  )
}

/** A sum of what is known: a `+` says that partitions without figures are missing from it. */
function sumOf(value: number, unknown: number, partitions: number): string {
  if (unknown === partitions && partitions > 0) return 'unknown'
  return rate(value) + (unknown > 0 ? '+' : '')
}

function topicsTable({ topics }: StatsDocument, top: number): string {
  const topIn = most(topics.map((t) => t.bytesInPerSec))
  const topOut = most(topics.map((t) => t.bytesOutPerSec))
  return renderTable(
    [
      { title: 'TOPIC' },
      { title: 'PARTITIONS', align: 'right' },
      { title: 'IN', align: 'right' },
      { title: '' },
      { title: 'OUT', align: 'right' },
      { title: '' },
      { title: 'SIZE', align: 'right' },
    ],
    topics
      .slice(0, top)
      .map((topic) => [
        topic.name,
        String(topic.partitions),
        sumOf(topic.bytesInPerSec, topic.unknownIn, topic.partitions),
        bar(topic.bytesInPerSec, topIn, BAR_WIDTH),
        sumOf(topic.bytesOutPerSec, topic.unknownOut, topic.partitions),
        bar(topic.bytesOutPerSec, topOut, BAR_WIDTH),
        formatBytes(topic.sizeBytes),
      ]),
  )
}

function partitionsTable({ partitions }: StatsDocument, top: number): string {
  const topIn = most(partitions.map((p) => p.bytesInPerSec))
  const topOut = most(partitions.map((p) => p.bytesOutPerSec))
  return renderTable(
    [
      { title: 'PARTITION' },
      { title: 'LEADER', align: 'right' },
      { title: 'IN', align: 'right' },
      { title: '' },
      { title: 'OUT', align: 'right' },
      { title: '' },
      { title: 'SIZE', align: 'right' },
    ],
    partitions
      .slice(0, top)
      .map((row) => [
        topicPartitionKey(row.topic, row.partition),
        row.leader === null ? 'none' : String(row.leader),
        rate(row.bytesInPerSec),
        bar(row.bytesInPerSec ?? 0, topIn, BAR_WIDTH),
        rate(row.bytesOutPerSec),
        bar(row.bytesOutPerSec ?? 0, topOut, BAR_WIDTH),
        row.sizeBytes === undefined ? 'unknown' : formatBytes(row.sizeBytes),
      ]),
  )
}

const more = (count: number, top: number, what: string, style: Style): string =>
  count > top ? `\n${style.dim(`  and ${count - top} more ${what} (--top ${count})`)}` : ''

/** Tables with bars; brokers' figures include replication, those of topics and partitions do not. */
export function renderStats(document: StatsDocument, view: StatsView, style: Style): string {
  const { topics, partitions } = document
  const wants = (what: StatsView['by']): boolean => view.by === 'all' || view.by === what
  return [
    header(document, style),
    ...(wants('brokers') ? [`Brokers, replication included\n${brokersTable(document)}`] : []),
    ...(wants('topics')
      ? [
          `Topics: producers and consumers\n${topicsTable(document, view.top)}` +
            more(topics.length, view.top, 'topics', style),
        ]
      : []),
    ...(wants('partitions')
      ? [
          `Partitions: producers and consumers\n${partitionsTable(document, view.top)}` +
            more(partitions.length, view.top, 'partitions', style),
        ]
      : []),
  ].join('\n\n')
}
