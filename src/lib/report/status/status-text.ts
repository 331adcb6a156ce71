import { count } from '../../health/wording.js'
import { formatBytes } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'
import { renderFindings } from './findings-text.js'
import type { BrokerStatus, StatusDocument } from './status-document.js'

const FOLD_AFTER = 8
const MODES = { kraft: 'KRaft', zookeeper: 'ZooKeeper' } as const

/** The status screen. Folded to what fits on one screen unless `full`. */
export function renderStatus(
  status: StatusDocument,
  style: Style,
  options: { readonly full: boolean },
): string {
  const limit = options.full ? Infinity : FOLD_AFTER
  return [
    renderHeader(status, style),
    renderBrokers(status.brokers, style),
    ...section('Reassignments in flight', reassignmentLines(status), limit, style),
    ...section('Replication throttles', throttleLines(status), limit, style),
    ...section('Left in ZooKeeper', leftoverLines(status), limit, style),
    renderFindings(status.findings, style, options),
  ].join('\n\n')
}

function renderHeader(status: StatusDocument, style: Style): string {
  const { cluster, totals } = status
  const name = cluster.name === undefined ? '' : `${sanitiseLine(cluster.name)}  `
  const controller =
    cluster.controller === undefined ? style.yellow('unknown') : String(cluster.controller)
  const alive = status.brokers.filter((broker) => broker.state === 'alive').length
  const brokers =
    alive === totals.brokers
      ? count(alive, 'broker')
      : style.red(`${alive} of ${totals.brokers} brokers alive`)
  const figures = [
    count(totals.topics, 'topic'),
    count(totals.partitions, 'partition'),
    count(totals.replicas, 'replica'),
  ]
  const at = status.capturedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')
  return [
    `${style.bold(`Cluster ${name}${cluster.id}`)}  ${MODES[cluster.metadata]}, controller ${controller}  ${style.dim(at)}`,
    [brokers, ...figures, formatBytes(totals.sizeBytes)].join(', '),
  ].join('\n')
}

function renderBrokers(brokers: readonly BrokerStatus[], style: Style): string {
  return renderTable(
    [
      { title: 'BROKER', align: 'right' },
      { title: 'ADDRESS' },
      { title: 'RACK' },
      { title: 'STATE' },
      { title: 'REPLICAS', align: 'right' },
      { title: 'LEADERS', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'FREE', align: 'right' },
      { title: 'LOG DIRS' },
    ],
    brokers.map((broker) => [
      String(broker.id),
      broker.host === '' ? 'unknown' : sanitiseLine(`${broker.host}:${broker.port}`),
      sanitiseLine(broker.rack ?? '-'),
      renderState(broker, style),
      String(broker.replicas),
      String(broker.leaders),
      formatBytes(broker.sizeBytes),
      renderFree(broker),
      renderLogDirs(broker, style),
    ]),
  )
}

function renderState(broker: BrokerStatus, style: Style): string {
  const state = broker.state === 'alive' ? 'alive' : style.red(broker.state)
  return broker.controller ? `${state}, controller` : state
}

/** Of several directories the fullest one counts: it is the one that stops the broker. */
function renderFree(broker: BrokerStatus): string {
  const free = (broker.logDirs ?? []).flatMap((dir) =>
    dir.totalBytes === undefined || dir.usableBytes === undefined
      ? []
      : [{ share: dir.usableBytes / dir.totalBytes, ...dir }],
  )
  const fullest = free.sort((a, b) => a.share - b.share)[0]
  if (fullest === undefined) return '-'
  return `${formatBytes(fullest.usableBytes ?? 0)} (${(fullest.share * 100).toFixed(0)} %)`
}

function renderLogDirs(broker: BrokerStatus, style: Style): string {
  if (broker.logDirs === undefined) return '-'
  const failed = broker.logDirs.filter((dir) => dir.error !== undefined).length
  const total = String(broker.logDirs.length)
  return failed === 0 ? total : `${total}, ${style.red(`${failed} offline`)}`
}

const reassignmentLines = (status: StatusDocument): readonly string[] =>
  status.reassignments.map(
    (move) =>
      `${move.topic}-${move.partition}  [${move.replicas.join(' ')}]  adding [${move.adding.join(' ')}], removing [${move.removing.join(' ')}]`,
  )

const throttleLines = (status: StatusDocument): readonly string[] =>
  status.throttles.map((t) => {
    const name = t.resource === 'broker' && t.name === '' ? 'all (cluster default)' : t.name
    const value = t.resource === 'broker' ? `${formatBytes(Number(t.value))}/s` : t.value
    return sanitiseLine(`${t.resource} ${name}  ${t.key} = ${value}`)
  })

const leftoverLines = (status: StatusDocument): readonly string[] =>
  status.zookeeperLeftovers.map((node) => sanitiseLine(`${node.path}  ${node.data}`))

function section(
  title: string,
  lines: readonly string[],
  limit: number,
  style: Style,
): readonly string[] {
  if (lines.length === 0) return []
  const rest = lines.length - limit
  const shown = lines.slice(0, limit).map((line) => `  ${fit(line, style.width - 2, limit)}`)
  const folded = rest > 0 ? [style.dim(`  and ${rest} more: --full`)] : []
  return [[style.bold(title), ...shown, ...folded].join('\n')]
}

const fit = (line: string, width: number, limit: number): string =>
  limit === Infinity || line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`
