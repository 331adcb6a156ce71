import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { durationFlag, wholeNumberFlag } from '../../lib/cli/flags.js'
import { healPolicy } from '../../lib/cli/heal-policy.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { planExitCodes, planFlags } from '../../lib/cli/plan-flags.js'
import { targetFlags } from '../../lib/cli/target-flags.js'
import type { Plan } from '../../lib/plan/plan.js'

/** `klinic heal plan` */
export default class HealPlan extends KlinicCommand<Plan> {
  static override summary = 'plan a new place for every replica on a dead broker; changes nothing'
  static override description = `Refused (exit 3) while an under-replicated partition is not explained by a dead broker or a failed log
directory, or a replica has no place. Partitions without a live in-sync copy are named, never planned.`
  static override examples = [
    'klinic heal plan --cluster prod --output heal.json',
    'klinic heal plan --from-snapshot prod.json.gz --only-confident --json',
  ]
  static override flags = {
    ...planFlags,
    ...targetFlags,
    'only-confident': boolean({
      summary: 'heal what is explained, leave the rest alone',
      default: false,
    }),
    'max-dead': wholeNumberFlag({
      summary: 'more dead brokers than this are a network problem (default 1, or 10 % of them)',
    }),
    'min-dead-for': durationFlag({
      summary: 'how long a broker must be gone before it counts as dead (default 10m)',
    }),
    'min-replication-factor': wholeNumberFlag({
      summary: 'raise partitions with fewer replicas than this',
    }),
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan>> {
    const { flags } = await this.parse(HealPlan)
    const { makePlan } = await import('../../lib/cli/make-plan.js')
    const tools = { ui: this.ui, signal: this.signal }
    return makePlan(this.contextInput(flags), flags, tools, async (snapshot, settings) => {
      const { planHeal } = await import('../../lib/planners/heal/plan-heal.js')
      return planHeal(snapshot, healPolicy(flags, settings))
    })
  }
}
