import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import { lockFlags, lockWish } from '../../lib/cli/lock-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { guardFlags, paceFlags, reviewedFlags } from '../../lib/cli/reassign-flags.js'
import { executionExitCodes, ReassignCommand } from '../../lib/cli/reassign-command.js'
import { reasonFlag } from '../../lib/cli/reason-flag.js'
import type { ExecutionReport } from '../../lib/plan/execution-report.js'
import type { PreparationDocument } from '../../lib/report/execution/preparation-text.js'

/** `klinic reassign execute PLAN` */
export default class ReassignExecute extends ReassignCommand {
  static override summary = 'carry a plan out: move replicas, elect leaders, under a throttle'
  static override description = `Takes a plan of klinic or Kafka's own reassignment JSON. The plan is held against the cluster first; all that
stands in its way is shown together. Every change is written to a journal before it is made, and the way back
to a file beside the plan. The first Ctrl-C finishes the moves under way and stops; the second leaves at once.`
  static override examples = [
    'klinic reassign execute balance.json --cluster prod',
    'klinic reassign execute balance.json --cluster prod --throttle 100MB --confirm prod',
    'klinic reassign execute balance.json --bootstrap-server localhost:9092 --dry-run',
  ]
  static override args = {
    plan: string({ required: true, description: "plan, or Kafka's JSON (- for stdin)" }),
  }
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
    ...reasonFlag,
    ...reviewedFlags,
    ...paceFlags,
    ...guardFlags,
    ...lockFlags,
    'dry-run': boolean({ summary: 'check everything and change nothing' }),
    'allow-replication-factor-change': boolean({
      summary: "accept Kafka's JSON that changes a replication factor",
    }),
  }
  static exitCodes = executionExitCodes

  protected async execute(): Promise<Outcome<ExecutionReport | PreparationDocument>> {
    const { args, flags } = await this.parse(ReassignExecute)
    const { readPlanSource } = await import('../../lib/cli/compose-files.js')
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { prepareExecution } = await import('../../lib/cli/prepare-execution.js')
    const work = await import('../../lib/cli/execute-plan.js')
    const source = await readPlanSource(args.plan)
    const context = await openWriteContext(this.contextInput(flags))
    const lock = lockWish(flags)
    const prepared = await prepareExecution(context, source, flags, { ui: this.ui, lock })
    const { plan, snapshot, settings, preparation } = prepared
    const summary = work.describePreparation(plan, preparation, settings)
    const { describeWork, renderDryRun } =
      await import('../../lib/report/execution/preparation-text.js')
    if (flags['dry-run'] || preparation.moves.length === 0) {
      return { json: summary, text: () => renderDryRun(summary) }
    }
    await this.confirm({
      what: describeWork(summary),
      clusterName: context.clusterName,
      clusterId: snapshot.cluster.id,
      confirm: flags.confirm,
    })
    return this.report(flags, plan.id, (onEvent) =>
      work.carryOut(context, {
        plan,
        planFile: args.plan,
        planSha256: source.sha256,
        preparation,
        settings,
        lock,
        stop: this.signal,
        onEvent,
        requireAudit: flags['require-audit'],
        reason: flags.reason,
      }),
    )
  }
}
