import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags, snapshotFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { PlanValidity } from '../../lib/report/plan/validity-text.js'

/** `klinic plan validate FILE` */
export default class PlanValidate extends KlinicCommand<PlanValidity> {
  static override summary = 'check a plan against the cluster as it is now, or against a snapshot'
  static override description = `Also takes Kafka's reassignment JSON. Names what changed since the plan was made; changes nothing.`
  static override examples = [
    'klinic plan validate balance.json --cluster prod',
    'klinic plan validate reassignment.json --from-snapshot prod.json.gz',
  ]
  static override args = {
    file: string({
      required: true,
      description: "plan or Kafka's reassignment JSON (- for stdin)",
    }),
  }
  static override flags = {
    ...connectionFlags,
    ...snapshotFlag,
    full: boolean({ summary: 'fold nothing' }),
    'allow-replication-factor-change': boolean({
      summary: "accept Kafka's JSON that changes a replication factor",
    }),
  }
  static exitCodes = ['refused', 'stale', 'badData', 'tryLater'] as const

  protected async execute(): Promise<Outcome<PlanValidity>> {
    const { args, flags } = await this.parse(PlanValidate)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { obtainSnapshot } = await import('../../lib/cli/compose-snapshot.js')
    const { readPlanSource } = await import('../../lib/cli/compose-files.js')
    const { planOfSource } = await import('../../lib/cli/read-plan.js')
    const { judgeFindings } = await import('../../lib/plan/judge-findings.js')
    const { validatePlan } = await import('../../lib/plan/validate-plan.js')
    const { describeValidity, renderValidity } =
      await import('../../lib/report/plan/validity-text.js')
    const source = await readPlanSource(args.file)
    const context = await openReadContext(this.contextInput(flags))
    const snapshot = await obtainSnapshot(context, flags, { ui: this.ui, signal: this.signal })
    const plan = planOfSource(source, snapshot, flags['allow-replication-factor-change'])
    const validity = describeValidity(plan, snapshot, validatePlan(plan, snapshot))
    return {
      json: validity,
      text: (style) => renderValidity(validity, style, { full: flags.full }),
      exit: judgeFindings(validity.findings),
    }
  }
}
