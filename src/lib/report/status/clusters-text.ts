import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { renderTable } from '../table.js'

/** A cluster as the configuration file names it. */
export interface ListedCluster {
  readonly name: string
  readonly default: boolean
  readonly clusterId?: string
  readonly bootstrapServers: readonly string[]
  readonly zookeeper?: string
}

/** The clusters of a configuration file as a table. */
export function renderClusters(clusters: readonly ListedCluster[], style: Style): string {
  if (clusters.length === 0) return 'No clusters are configured.'
  return renderTable(
    [
      { title: 'CLUSTER' },
      { title: 'EXPECTED ID' },
      { title: 'BOOTSTRAP SERVERS' },
      { title: 'ZOOKEEPER' },
    ],
    clusters.map((cluster) => [
      `${style.bold(sanitiseLine(cluster.name))}${cluster.default ? ' (default)' : ''}`,
      cluster.clusterId ?? '-',
      sanitiseLine(cluster.bootstrapServers.join(',')),
      sanitiseLine(cluster.zookeeper ?? '-'),
    ]),
    0,
  )
}
