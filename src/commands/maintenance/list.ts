import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { MaintenanceList } from '../../lib/coordination/maintenance-list.js'

/** `klinic maintenance list` */
export default class MaintenanceListCommand extends KlinicCommand<MaintenanceList> {
  static override summary = 'show what is in maintenance: by whom, why, until when'
  static override description = `Reads what hosts have agreed on: the state topic, or ZooKeeper where klinic.yaml says so. What ran out is not shown.`
  static override examples = [
    'klinic maintenance list --cluster prod',
    'klinic maintenance list --bootstrap-server localhost:9092 --json',
  ]
  static override flags = { ...connectionFlags }

  protected async execute(): Promise<Outcome<MaintenanceList>> {
    const { flags } = await this.parse(MaintenanceListCommand)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { readMaintenance } = await import('../../lib/cli/change-maintenance.js')
    const { renderMaintenance } = await import('../../lib/report/coordination/maintenance-text.js')
    const list = await readMaintenance(await openReadContext(this.contextInput(flags)))
    const isNothing = list.cluster === null && list.brokers.length + list.unreadable.length === 0
    return { json: list, text: () => renderMaintenance(list), quietWhenDone: isNothing }
  }
}
