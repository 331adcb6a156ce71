import { actionsTopicFlag } from '../../lib/cli/actions-flags.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { connectionWords } from '../../lib/cli/connection-words.js'
import type { ReassignStatus as Status } from '../../lib/plan/reassign-status.js'

/** `klinic reassign status` */
export default class ReassignStatus extends KlinicCommand<Status> {
  static override summary = 'show reassignments in flight, throttles, and executions'
  static override description = `Shows what is in flight whoever started it, how far it is, every replication throttle with the plan that set it
(where a journal of this host or the actions topic tells), and executions: which run, and which were broken
off, here or on another host. Works on a sick cluster.`
  static override examples = [
    'klinic reassign status --cluster prod',
    'klinic reassign status --bootstrap-server localhost:9092 --json',
  ]
  static override flags = { ...connectionFlags, ...actionsTopicFlag }

  protected async execute(): Promise<Outcome<Status>> {
    const { flags } = await this.parse(ReassignStatus)
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { readReassignStatus } = await import('../../lib/cli/read-reassign-status.js')
    const context = await openWriteContext(this.contextInput(flags))
    const status = await readReassignStatus(context, this.ui)
    const { renderReassignStatus, statusCommands } =
      await import('../../lib/report/execution/status-text.js')
    return {
      json: status,
      text: (style) => renderReassignStatus(status, style),
      next: statusCommands(status, connectionWords(flags)),
    }
  }
}
