import { KlinicCommand } from '../../lib/cli/base-command.js'
import { regexFlag } from '../../lib/cli/list-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { planExitCodes, planFlags } from '../../lib/cli/plan-flags.js'
import { targetFlags, targetPolicy } from '../../lib/cli/target-flags.js'
import type { Plan } from '../../lib/plan/plan.js'

/** `klinic rack plan` */
export default class RackPlan extends KlinicCommand<Plan> {
  static override summary = 'plan replicas that share a rack apart; nothing else moves'
  static override description = `Partitions that stand on fewer racks than their replicas and the racks allow are spread, with as few moves
as that takes. Refused (exit 3) when a rack has no room, unless --allow-partial.`
  static override examples = [
    'klinic rack plan --cluster prod --output racks.json',
    'klinic rack plan --from-snapshot prod.json.gz --rack-policy even --json',
  ]
  static override flags = {
    ...planFlags,
    ...targetFlags,
    'exclude-topics': regexFlag({ summary: 'topics that stay as they are (regular expression)' }),
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan>> {
    const { flags } = await this.parse(RackPlan)
    const { makePlan } = await import('../../lib/cli/make-plan.js')
    const tools = { ui: this.ui, signal: this.signal }
    return makePlan(this.contextInput(flags), flags, tools, async (snapshot, settings) => {
      const { planRack } = await import('../../lib/planners/rack/plan-rack.js')
      const { excludedTopics } = await import('../../lib/cli/balance-policy.js')
      const excludeTopics = excludedTopics(flags, settings)
      return planRack(snapshot, {
        ...targetPolicy(flags, settings),
        ...(excludeTopics === undefined ? {} : { excludeTopics }),
      })
    })
  }
}
