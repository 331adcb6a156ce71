import { boolean, string } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { wholeNumberFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { planExitCodes, planFlags } from '../../lib/cli/plan-flags.js'
import { targetFlags, targetPolicy } from '../../lib/cli/target-flags.js'
import { OperatorError } from '../../lib/errors/operator-error.js'
import type { Plan } from '../../lib/plan/plan.js'

/** `klinic replication plan` */
export default class ReplicationPlan extends KlinicCommand<Plan> {
  static override summary = 'plan a higher or lower replication factor for topics, rack by rack'
  static override description = `New replicas go to racks that hold none, to brokers with headroom. Of those that go, dead ones and those
that share a rack go first, and never the leader while another will do.`
  static override examples = [
    'klinic replication plan --cluster prod --topic orders --factor 3 --output rf3.json',
    'klinic replication plan --from-snapshot prod.json.gz --topic orders,audit --factor 2',
  ]
  static override flags = {
    ...planFlags,
    ...targetFlags,
    topic: string({ required: true, summary: 'topic names, comma-separated' }),
    factor: wholeNumberFlag({ required: true, summary: 'replicas that each partition is to have' }),
    'ignore-min-isr': boolean({
      summary: 'accept fewer replicas than min.insync.replicas',
      default: false,
    }),
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan>> {
    const { flags } = await this.parse(ReplicationPlan)
    if (flags.factor < 1) {
      const message = '--factor must be at least 1: a partition needs a replica'
      throw new OperatorError({ code: 'USAGE', message, exit: 'usage' })
    }
    const { makePlan } = await import('../../lib/cli/make-plan.js')
    const tools = { ui: this.ui, signal: this.signal }
    return makePlan(this.contextInput(flags), flags, tools, async (snapshot, settings) => {
      const { planReplication } = await import('../../lib/planners/replication/plan-replication.js')
      return planReplication(snapshot, {
        ...targetPolicy(flags, settings),
        topics: flags.topic.split(',').map((name) => name.trim()),
        factor: flags.factor,
        allowBelowMinIsr: flags['ignore-min-isr'],
      })
    })
  }
}
