import { KlinicCommand } from '../../lib/cli/base-command.js'
import { brokerIdsFlag } from '../../lib/cli/list-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { planExitCodes, planFlags } from '../../lib/cli/plan-flags.js'
import { targetFlags, targetPolicy } from '../../lib/cli/target-flags.js'
import type { Plan } from '../../lib/plan/plan.js'

/** `klinic decommission plan` */
export default class DecommissionPlan extends KlinicCommand<Plan> {
  static override summary = 'plan all replicas away from brokers that are to be taken out'
  static override description = `Each replica goes to the broker with the most headroom that the rules allow; nothing else moves. Refused
(exit 3) when one has no place, unless --allow-partial.`
  static override examples = [
    'klinic decommission plan --cluster prod --brokers 3 --output out.json',
    'klinic decommission plan --from-snapshot prod.json.gz --brokers 3,4 --limit 80% --json',
  ]
  static override flags = {
    ...planFlags,
    ...targetFlags,
    brokers: brokerIdsFlag({ required: true, summary: 'brokers that are to hold nothing' }),
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan>> {
    const { flags } = await this.parse(DecommissionPlan)
    const { makePlan } = await import('../../lib/cli/make-plan.js')
    const tools = { ui: this.ui, signal: this.signal }
    return makePlan(this.contextInput(flags), flags, tools, async (snapshot, settings) => {
      const { planDecommission } =
        await import('../../lib/planners/decommission/plan-decommission.js')
      const policy = { ...targetPolicy(flags, settings), brokers: flags.brokers }
      return planDecommission(snapshot, policy)
    })
  }
}
