import { string } from '@oclif/core/flags'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import { maintainedFlag, maintenanceEndFlag } from '../../lib/cli/maintenance-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { MaintenanceList } from '../../lib/coordination/maintenance-list.js'

/** `klinic maintenance start` */
export default class MaintenanceStart extends KlinicCommand<MaintenanceList> {
  static override summary = 'put a cluster, or brokers, into maintenance'
  static override description = `Every host that works on the cluster obeys: plans give nothing to brokers in maintenance, and executions wait until
the maintenance of the cluster is over. It ends by itself. An execution that runs already goes on. Asking twice
changes nothing; another reason or end replaces the one that stands.`
  static override examples = [
    "klinic maintenance start --cluster prod --brokers 3,7 --reason 'new disks' --until 2h",
    "klinic maintenance start --cluster prod --reason 'switch is replaced' --until 06:00 --confirm prod",
  ]
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
    ...maintainedFlag,
    reason: string({ summary: 'why, for whoever meets it', required: true }),
    until: maintenanceEndFlag({
      summary: 'when it ends: 2h, 06:00 (time of this host) or a moment; at most 30 days from now',
      required: true,
    }),
  }

  protected async execute(): Promise<Outcome<MaintenanceList>> {
    const { flags } = await this.parse(MaintenanceStart)
    const { brokers, reason, until, confirm, 'require-audit': requireAudit } = flags
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { beginMaintenance } = await import('../../lib/cli/change-maintenance.js')
    const { renderMaintenance } = await import('../../lib/report/coordination/maintenance-text.js')
    const context = await openWriteContext(this.contextInput(flags))
    const { clusterName } = context
    const list = await beginMaintenance(
      context,
      { brokers, reason, until },
      {
        confirm: (what, clusterId) => this.confirm({ what, clusterName, clusterId, confirm }),
        warn: (text) => this.ui.warn(text),
        requireAudit,
      },
    )
    return { json: list, text: () => renderMaintenance(list), quietWhenDone: !list.changed }
  }
}
