import { auditFlags } from '../../lib/cli/actions-flags.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import { maintainedFlag } from '../../lib/cli/maintenance-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { MaintenanceList } from '../../lib/coordination/maintenance-list.js'

/** `klinic maintenance stop` */
export default class MaintenanceStop extends KlinicCommand<MaintenanceList> {
  static override summary = 'end the maintenance of a cluster, or of brokers'
  static override description = `Without --brokers the maintenance of the whole cluster ends, and that of brokers goes on. What is not in maintenance
is no error.`
  static override examples = [
    'klinic maintenance stop --cluster prod --brokers 3,7',
    'klinic maintenance stop --cluster prod --confirm prod',
  ]
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
    ...maintainedFlag,
  }

  protected async execute(): Promise<Outcome<MaintenanceList>> {
    const { flags } = await this.parse(MaintenanceStop)
    const { brokers, confirm, 'require-audit': requireAudit } = flags
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { endMaintenance } = await import('../../lib/cli/change-maintenance.js')
    const { renderMaintenance } = await import('../../lib/report/coordination/maintenance-text.js')
    const context = await openWriteContext(this.contextInput(flags))
    const { clusterName } = context
    const list = await endMaintenance(context, brokers, {
      confirm: (what, clusterId) => this.confirm({ what, clusterName, clusterId, confirm }),
      warn: (text) => this.ui.warn(text),
      requireAudit,
    })
    return { json: list, text: () => renderMaintenance(list), quietWhenDone: !list.changed }
  }
}
