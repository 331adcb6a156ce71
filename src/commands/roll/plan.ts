import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags, snapshotFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { outputFlags, planExitCodes } from '../../lib/cli/plan-flags.js'
import { brokersOfRacks, rollFlags, rollPolicy } from '../../lib/cli/roll-flags.js'
import type { Plan } from '../../lib/plan/plan.js'

// A roll moves no replicas, so Kafka's reassignment JSON has nothing to say about it.
const { output, full, 'detailed-exitcode': detailedExitcode } = outputFlags

/** `klinic roll plan` */
export default class RollPlan extends KlinicCommand<Plan> {
  static override summary =
    'plan a rolling restart: order, batches, and what each stop does to in-sync replicas'
  static override description = `Reads only. Refused (exit 3) while a stop would take a partition offline or below min ISR, unless a flag accepts that.`
  static override examples = [
    'klinic roll plan --cluster prod --output roll.json',
    'klinic roll plan --cluster prod --batch rack --max-parallel 5',
    'klinic roll plan --from-snapshot cluster.json.gz --brokers 3,4 --json',
  ]
  static override flags = {
    ...connectionFlags,
    ...snapshotFlag,
    output,
    full,
    'detailed-exitcode': detailedExitcode,
    ...rollFlags,
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan>> {
    const { flags } = await this.parse(RollPlan)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { obtainSnapshot } = await import('../../lib/cli/compose-snapshot.js')
    const context = await openReadContext(this.contextInput(flags))
    const snapshot = await obtainSnapshot(context, flags, { ui: this.ui, signal: this.signal })
    const { planRoll } = await import('../../lib/planners/roll/plan-roll.js')
    const { assemblePlan } = await import('../../lib/plan/assemble-plan.js')
    const { planOutcome } = await import('../../lib/cli/plan-outcome.js')
    const draft = planRoll(snapshot, rollPolicy(flags, brokersOfRacks(snapshot, flags.racks)))
    return planOutcome(assemblePlan(snapshot, draft), flags)
  }
}
