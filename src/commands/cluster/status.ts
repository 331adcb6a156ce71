import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { StatusDocument } from '../../lib/report/status/status-document.js'

/** `klinic cluster status` */
export default class ClusterStatus extends KlinicCommand<StatusDocument> {
  static override summary = 'show brokers, controller, sick partitions and throttles on one screen'
  static override description =
    'Works on a sick cluster: what cannot be read is said, and nothing is left out in silence. It exits 0 whenever it could look at all; klinic cluster check is for monitors.'
  static override examples = [
    'klinic cluster status --bootstrap-server localhost:9092',
    'klinic cluster status --cluster prod --full',
  ]
  static override flags = {
    ...connectionFlags,
    full: boolean({ summary: 'name every partition concerned, fold nothing' }),
  }

  protected async execute(): Promise<Outcome<StatusDocument>> {
    const { flags } = await this.parse(ClusterStatus)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { readCluster } = await import('../../lib/cli/compose-snapshot.js')
    const context = await openReadContext(this.contextInput(flags))
    const snapshot = await readCluster(context, this.ui)
    const { checkHealth } = await import('../../lib/health/check-health.js')
    const { describeStatus } = await import('../../lib/report/status/status-document.js')
    const { renderStatus } = await import('../../lib/report/status/status-text.js')
    const status = describeStatus(snapshot, checkHealth(snapshot))
    return {
      json: status,
      text: (style) => renderStatus(status, style, { full: flags.full }),
    }
  }
}
