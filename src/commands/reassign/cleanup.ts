import { boolean } from '@oclif/core/flags'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import { lockFlags, lockWish } from '../../lib/cli/lock-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { AS_LONG_AS_IT_TAKES_MS } from '../../lib/cli/reassign-command.js'
import type { CleanupReport } from '../../lib/plan/cleanup-report.js'

/** `klinic reassign cleanup` */
export default class ReassignCleanup extends KlinicCommand<CleanupReport> {
  static override summary =
    'give back throttles that no live execution needs, and end moves that nobody owns'
  static override description = `Throttles of broken-off executions of this host are given back as their journals have it: earlier values come
back, and what was owed because a broker was down is paid. Throttles and moves in flight that no journal explains are
listed, and removed or taken back with --foreign only: a move by the list of its original replicas, where no data can be
lost by it.`
  static override examples = [
    'klinic reassign cleanup --cluster prod',
    'klinic reassign cleanup --cluster prod --foreign --confirm prod',
  ]
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
    ...lockFlags,
    foreign: boolean({
      summary: 'also take back moves, and remove throttles, that no journal explains',
    }),
  }
  /** What was begun is finished: a throttle that is half given back, or a move half taken back, would stay so. */
  protected override readonly stopWithinMs = AS_LONG_AS_IT_TAKES_MS
  static exitCodes = ['stoppedHalfWay', 'needsPerson', 'badData', 'tryLater'] as const

  protected async execute(): Promise<Outcome<CleanupReport>> {
    const { flags } = await this.parse(ReassignCleanup)
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { cleanUp, findCleanup } = await import('../../lib/cli/clean-up.js')
    const { renderCleanup } = await import('../../lib/report/execution/cleanup-text.js')
    const context = await openWriteContext(this.contextInput(flags))
    const found = await findCleanup(context, this.ui, flags.foreign)
    if (found.what !== null) {
      await this.confirm({
        what: found.what,
        clusterName: context.clusterName,
        clusterId: found.status.clusterId,
        confirm: flags.confirm,
      })
    }
    const warn = (text: string): void => this.ui.warn(text)
    const audit = { 'require-audit': flags['require-audit'] }
    const options = {
      foreign: flags.foreign,
      stop: this.signal,
      warn,
      audit,
      lock: lockWish(flags),
    }
    const report = await cleanUp(context, found, options)
    const isClean = report.blocked.length + report.debts.length + report.failures.length === 0
    return {
      json: report,
      text: (style) => renderCleanup(report, style),
      exit: report.stuck.length > 0 ? 'needsPerson' : isClean ? 'done' : 'stoppedHalfWay',
      quietWhenDone: found.what === null,
    }
  }
}
