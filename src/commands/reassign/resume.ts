import { string } from '@oclif/core/args'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import { lockFlags, lockWish } from '../../lib/cli/lock-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { executionExitCodes, ReassignCommand } from '../../lib/cli/reassign-command.js'
import { maintenanceFlag, paceFlags, viewFlag } from '../../lib/cli/reassign-flags.js'
import { reasonFlag } from '../../lib/cli/reason-flag.js'
import type { ExecutionReport } from '../../lib/plan/execution-report.js'

/** `klinic reassign resume [PLAN_ID]` */
export default class ReassignResume extends ReassignCommand {
  static override summary = 'go on with an execution that was broken off'
  static override description = `Reads the journal of this host, looks at the cluster, and does what is left: nothing is done twice, copied bytes
are kept, and the throttle is taken up again and given back at the end. Resuming a finished execution does nothing.`
  static override examples = [
    'klinic reassign resume --cluster prod',
    'klinic reassign resume balance-5b1f0c2e --cluster prod --confirm prod',
  ]
  static override args = {
    plan: string({ description: 'id of the plan (default: the only unfinished one)' }),
  }
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
    ...reasonFlag,
    ...paceFlags,
    ...maintenanceFlag,
    ...viewFlag,
    ...lockFlags,
  }
  static exitCodes = executionExitCodes

  protected async execute(): Promise<Outcome<ExecutionReport>> {
    const { args, flags } = await this.parse(ReassignResume)
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { findBegun, goOn, refuseResumeInMaintenance } =
      await import('../../lib/cli/take-up-execution.js')
    const { refuseHiddenView } = await import('../../lib/cli/refuse-hidden-view.js')
    const { runSession } = await import('../../lib/execution/reassign/session.js')
    const context = await openWriteContext(this.contextInput(flags))
    const state = await findBegun(context, args.plan, (text) => this.ui.warn(text))
    const { plan } = state.started
    if (!flags['ignore-maintenance']) await refuseResumeInMaintenance(context, plan)
    await refuseHiddenView(context, this.ui, state, flags['ignore-partial-view'])
    await this.confirm({
      what: `go on with plan ${plan.id}`,
      clusterName: context.clusterName,
      clusterId: plan.cluster.id,
      confirm: flags.confirm,
    })
    return this.report(flags, plan.id, (onEvent) =>
      goOn(
        context,
        {
          ...{ state, verb: 'resume', flags, lock: lockWish(flags) },
          ...{ reason: flags.reason, stop: this.signal, onEvent },
        },
        runSession,
      ),
    )
  }
}
