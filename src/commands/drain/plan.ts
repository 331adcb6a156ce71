import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { brokerIdsFlag } from '../../lib/cli/list-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { planExitCodes, planFlags } from '../../lib/cli/plan-flags.js'
import { capacityFlags, capacityPolicy, partialFlag } from '../../lib/cli/target-flags.js'
import type { Plan } from '../../lib/plan/plan.js'

/** `klinic drain plan` */
export default class DrainPlan extends KlinicCommand<Plan> {
  static override summary = 'plan leadership away from brokers before maintenance; no data moves'
  static override description = `Each partition goes to the in-sync follower whose out stays lowest. The drained brokers end up last in the
replica lists, so that no preferred election brings leadership back; klinic reassign rollback does.`
  static override examples = [
    'klinic drain plan --cluster prod --brokers 3 --output drain.json',
    'klinic drain plan --from-snapshot prod.json.gz --brokers 3,4 --allow-partial',
  ]
  static override flags = {
    ...planFlags,
    ...capacityFlags,
    ...partialFlag,
    brokers: brokerIdsFlag({ required: true, summary: 'brokers that are to lead nothing' }),
    'ignore-capacity': boolean({ summary: 'lead beyond capacities too', default: false }),
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan>> {
    const { flags } = await this.parse(DrainPlan)
    const { makePlan } = await import('../../lib/cli/make-plan.js')
    const tools = { ui: this.ui, signal: this.signal }
    return makePlan(this.contextInput(flags), flags, tools, async (snapshot, settings) => {
      const { planDrain } = await import('../../lib/planners/drain/plan-drain.js')
      return planDrain(snapshot, {
        ...capacityPolicy(flags, settings),
        brokers: flags.brokers,
        ignoreCapacity: flags['ignore-capacity'],
        allowPartial: flags['allow-partial'],
      })
    })
  }
}
