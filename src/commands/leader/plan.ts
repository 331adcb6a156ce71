import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { regexFlag } from '../../lib/cli/list-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { planExitCodes, planFlags } from '../../lib/cli/plan-flags.js'
import type { Plan } from '../../lib/plan/plan.js'

/** `klinic leader plan` */
export default class LeaderPlan extends KlinicCommand<Plan> {
  static override summary = 'plan preferred leaders back, or leaders even, by elections alone'
  static override description = `Without --even each partition goes back to the first of its replica list where that is in sync. To even out
the traffic of leaders instead of their number: klinic balance plan --resources out`
  static override examples = [
    'klinic leader plan --cluster prod --output leaders.json',
    'klinic leader plan --from-snapshot prod.json.gz --even --json',
  ]
  static override flags = {
    ...planFlags,
    even: boolean({ summary: 'an equal number of leaders on each broker, by the fewest changes' }),
    'exclude-topics': regexFlag({ summary: 'topics that stay as they are (regular expression)' }),
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan>> {
    const { flags } = await this.parse(LeaderPlan)
    const { makePlan } = await import('../../lib/cli/make-plan.js')
    const tools = { ui: this.ui, signal: this.signal }
    return makePlan(this.contextInput(flags), flags, tools, async (snapshot, settings) => {
      const { planLeader } = await import('../../lib/planners/leader/plan-leader.js')
      const { excludedTopics } = await import('../../lib/cli/balance-policy.js')
      const excludeTopics = excludedTopics(flags, settings)
      return planLeader(snapshot, {
        goal: flags.even ? 'even' : 'preferred',
        ...(excludeTopics === undefined ? {} : { excludeTopics }),
      })
    })
  }
}
