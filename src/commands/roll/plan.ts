import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags, snapshotFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { outputFlags, planExitCodes } from '../../lib/cli/plan-flags.js'
import type { SudoersDocument } from '../../lib/cli/print-sudoers.js'
import { brokersOfRacks, rollFlags, rollPolicy } from '../../lib/cli/roll-flags.js'
import { sudoersFlags } from '../../lib/cli/ssh-flags.js'
import type { Plan } from '../../lib/plan/plan.js'

// A roll moves no replicas, so Kafka's reassignment JSON has nothing to say about it.
const { output, full, 'detailed-exitcode': detailedExitcode } = outputFlags

/** `klinic roll plan` */
export default class RollPlan extends KlinicCommand<Plan | SudoersDocument> {
  static override summary =
    'plan a rolling restart: order, batches, and what each stop does to in-sync replicas'
  static override description = `Reads only. Refused (exit 3) while a stop would take a partition offline or below min ISR, unless a flag accepts that.`
  static override examples = [
    'klinic roll plan --cluster prod --output roll.json',
    'klinic roll plan --cluster prod --batch rack --max-parallel 5',
    'klinic roll plan --from-snapshot cluster.json.gz --brokers 3,4 --json',
    'klinic roll plan --cluster prod --print-sudoers --ssh-user klinic --service kafka',
  ]
  static override flags = {
    ...connectionFlags,
    ...snapshotFlag,
    output,
    full,
    'detailed-exitcode': detailedExitcode,
    ...rollFlags,
    ...sudoersFlags,
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan | SudoersDocument>> {
    const { flags } = await this.parse(RollPlan)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { obtainSnapshot } = await import('../../lib/cli/compose-snapshot.js')
    const context = await openReadContext(this.contextInput(flags))
    const snapshot = await obtainSnapshot(context, flags, { ui: this.ui, signal: this.signal })
    const { orderRoll, planRoll } = await import('../../lib/planners/roll/plan-roll.js')
    const { assemblePlan } = await import('../../lib/plan/assemble-plan.js')
    const { planOutcome } = await import('../../lib/cli/plan-outcome.js')
    const policy = rollPolicy(flags, brokersOfRacks(snapshot, flags.racks))
    if (flags['print-sudoers']) {
      const { sudoersOutcome } = await import('../../lib/cli/print-sudoers.js')
      const ids = orderRoll(snapshot, { ...policy, order: 'id' }).map(({ id }) => id)
      return sudoersOutcome(
        ids.toSorted((a, b) => a - b),
        flags,
      )
    }
    const { readSettingRisks } = await import('../../lib/cli/read-roll-settings.js')
    const isLive = flags['from-snapshot'] === undefined
    const warnings = isLive ? await readSettingRisks(context, snapshot) : []
    const draft = planRoll(snapshot, policy)
    const findings = [...draft.findings, ...warnings]
    return planOutcome(assemblePlan(snapshot, { ...draft, findings }), flags)
  }
}
