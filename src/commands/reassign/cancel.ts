import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { confirmFlag, connectionFlags, durationFlag } from '../../lib/cli/flags.js'
import { lockFlags, lockWish } from '../../lib/cli/lock-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { ReassignCommand } from '../../lib/cli/reassign-command.js'
import { reasonFlag } from '../../lib/cli/reason-flag.js'
import type { ExecutionReport } from '../../lib/plan/execution-report.js'

/** `klinic reassign cancel [PLAN_ID]` */
export default class ReassignCancel extends ReassignCommand {
  static override summary = 'end an execution: take back what is in flight, and the throttle'
  static override description = `Moves in flight are taken back by submitting their original replica lists, in order, so that no copy is dropped
before the originals are in sync. Moves that are done stay done: klinic reassign rollback makes the plan that
brings them back. With --finish the moves in flight are let run to their end instead.`
  static override examples = [
    'klinic reassign cancel --cluster prod',
    'klinic reassign cancel balance-5b1f0c2e --cluster prod --finish --confirm prod',
  ]
  static override args = {
    plan: string({ description: 'id of the plan (default: the only unfinished one)' }),
  }
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
    ...reasonFlag,
    ...lockFlags,
    finish: boolean({ summary: 'let the moves in flight end; start no others' }),
    patience: durationFlag({
      summary: 'how long to wait for the original replicas (default 120s)',
    }),
    'json-events': boolean({
      summary: 'print one JSON document a line while it runs',
      exclusive: ['json'],
    }),
  }
  static exitCodes = ['stoppedHalfWay', 'needsPerson', 'badData', 'tryLater'] as const

  protected async execute(): Promise<Outcome<ExecutionReport>> {
    const { args, flags } = await this.parse(ReassignCancel)
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { findBegun, goOn } = await import('../../lib/cli/take-up-execution.js')
    const { cancelSession } = await import('../../lib/execution/reassign/cancel.js')
    const context = await openWriteContext(this.contextInput(flags))
    const state = await findBegun(context, args.plan, (text) => this.ui.warn(text))
    const { plan } = state.started
    await this.confirm({
      what: `${flags.finish ? 'finish what is in flight of' : 'take back what is in flight of'} plan ${plan.id}`,
      clusterName: context.clusterName,
      clusterId: plan.cluster.id,
      confirm: flags.confirm,
    })
    const how = flags.finish ? 'finish' : 'undo'
    return this.report(flags, plan.id, (onEvent) =>
      goOn(
        context,
        {
          ...{ state, verb: 'cancel', flags, lock: lockWish(flags) },
          ...{ reason: flags.reason, stop: this.signal, onEvent },
        },
        (session) => cancelSession(session, how),
      ),
    )
  }
}
