import { KlinicCommand } from '../../lib/cli/base-command.js'
import { healFlags } from '../../lib/cli/heal-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { planExitCodes, planFlags } from '../../lib/cli/plan-flags.js'
import type { Plan } from '../../lib/plan/plan.js'

/** `klinic heal plan` */
export default class HealPlan extends KlinicCommand<Plan> {
  static override summary = 'plan a new place for every replica on a dead broker; changes nothing'
  static override description = `Refused (exit 3) while an under-replicated partition is not explained by a dead broker or a failed log
directory, or a replica has no place; put off (exit 75) while a broker may be restarting. Partitions without a live
in-sync replica are named, never planned. What was noticed, and when, is kept on this host.`
  static override examples = [
    'klinic heal plan --cluster prod --output heal.json',
    'klinic heal plan --cluster prod --min-dead-for 30m --max-dead 2',
    'klinic heal plan --from-snapshot prod.json.gz --only-confident --json',
  ]
  static override flags = { ...planFlags, ...healFlags }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan>> {
    const { flags } = await this.parse(HealPlan)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { makeHealPlan } = await import('../../lib/cli/make-heal-plan.js')
    const { planOutcome } = await import('../../lib/cli/plan-outcome.js')
    const context = await openReadContext(this.contextInput(flags))
    const tools = { ui: this.ui, signal: this.signal }
    const { plan, snapshot } = await makeHealPlan(context, flags, tools)
    return planOutcome(plan, flags, snapshot)
  }
}
