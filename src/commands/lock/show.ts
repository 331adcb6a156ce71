import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { LockStatus } from '../../lib/coordination/lock-status.js'

/** `klinic lock show` */
export default class LockShow extends KlinicCommand<LockStatus> {
  static override summary = 'show who works on a cluster: which user, host and process, since when'
  static override description = `Executions, rolling restarts and repairs take the lock of the cluster, so that only one of them works on it. Looks
only, and answers at once.`
  static override examples = [
    'klinic lock show --cluster prod',
    'klinic lock show --bootstrap-server localhost:9092 --json',
  ]
  static override flags = { ...connectionFlags }

  protected async execute(): Promise<Outcome<LockStatus>> {
    const { flags } = await this.parse(LockShow)
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { readLock } = await import('../../lib/cli/show-lock.js')
    const { renderLock } = await import('../../lib/report/coordination/lock-text.js')
    const status = await readLock(await openWriteContext(this.contextInput(flags)))
    const isFree = status.holder === null && status.onThisHost === null
    return {
      json: status,
      text: () => renderLock(status),
      quietWhenDone: isFree,
      next: isFree ? [] : ['klinic reassign status', 'klinic roll status'],
    }
  }
}
