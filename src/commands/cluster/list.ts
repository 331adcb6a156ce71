import { KlinicCommand } from '../../lib/cli/base-command.js'
import type { ConfiguredCluster } from '../../lib/cli/list-clusters.js'
import type { Outcome } from '../../lib/cli/outcome.js'

/** `klinic cluster list` */
export default class ClusterList extends KlinicCommand<readonly ConfiguredCluster[]> {
  static override summary = 'list the clusters of the configuration file'
  static override examples = ['klinic cluster list', 'klinic cluster list --config klinic.yaml']
  static exitCodes = ['badConfig'] as const

  protected async execute(): Promise<Outcome<readonly ConfiguredCluster[]>> {
    const { flags } = await this.parse(ClusterList)
    const { listClusters } = await import('../../lib/cli/list-clusters.js')
    const { renderClusters } = await import('../../lib/report/status/clusters-text.js')
    const clusters = await listClusters(this.contextInput(flags))
    return {
      json: clusters,
      text: (style) => renderClusters(clusters, style),
      ...(clusters.length === 0 && { next: ['klinic config init'] }),
    }
  }
}
