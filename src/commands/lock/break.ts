import { auditFlags } from '../../lib/cli/actions-flags.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { BrokenLock } from '../../lib/coordination/lock-status.js'

/** `klinic lock break` */
export default class LockBreak extends KlinicCommand<BrokenLock> {
  static override summary = 'take the lock of a cluster away from whoever has it'
  static override description = `For a holder that hangs where you cannot reach it: whoever had the lock finds out before its next change, makes none,
and stops with exit 5. A holder that died needs no breaking: its lock runs out within seconds. What it left in
the cluster stays: klinic reassign status shows it.`
  static override examples = [
    'klinic lock break --cluster prod',
    'klinic lock break --cluster prod --confirm prod --json',
  ]
  static override flags = { ...connectionFlags, ...confirmFlag, ...auditFlags }

  protected async execute(): Promise<Outcome<BrokenLock>> {
    const { flags } = await this.parse(LockBreak)
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { breakLock } = await import('../../lib/cli/show-lock.js')
    const { renderBrokenLock } = await import('../../lib/report/coordination/lock-text.js')
    const context = await openWriteContext(this.contextInput(flags))
    const { clusterName } = context
    const { confirm, 'require-audit': requireAudit } = flags
    const broken = await breakLock(context, {
      confirm: (what, clusterId) => this.confirm({ what, clusterName, clusterId, confirm }),
      warn: (text) => this.ui.warn(text),
      requireAudit,
    })
    return {
      json: broken,
      text: () => renderBrokenLock(broken),
      quietWhenDone: broken.broken === null,
      next: broken.broken === null ? [] : ['klinic reassign status'],
    }
  }
}
