import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags, snapshotFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { outputFlags, planExitCodes } from '../../lib/cli/plan-flags.js'
import type { SudoersDocument } from '../../lib/cli/print-sudoers.js'
import { asConnectionFlags } from '../../lib/cli/roll-connection.js'
import { rollFlags } from '../../lib/cli/roll-flags.js'
import { sshFlags, sudoersFlags } from '../../lib/cli/ssh-flags.js'
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
    inventory: sshFlags.inventory,
    ...sudoersFlags,
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<Plan | SudoersDocument>> {
    const { flags } = await this.parse(RollPlan)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { obtainSnapshot } = await import('../../lib/cli/compose-snapshot.js')
    const { inventoryOf, readBrokerSettings, readRollFacts } =
      await import('../../lib/cli/read-roll-facts.js')
    const { makeRollPlan } = await import('../../lib/cli/make-roll-plan.js')
    const context = await openReadContext(this.contextInput(asConnectionFlags(flags)))
    const inventory = inventoryOf(flags, context)
    const snapshot = await obtainSnapshot(context, flags, { ui: this.ui, signal: this.signal })
    const isLive = flags['from-snapshot'] === undefined
    const facts = isLive ? await readRollFacts(context, snapshot, inventory) : {}
    if (flags['print-sudoers']) {
      const { sudoersOfRoll } = await import('../../lib/cli/make-roll-plan.js')
      return sudoersOfRoll({ snapshot, inventory, facts }, flags, context.settings)
    }
    const warnings = isLive ? (await readBrokerSettings(context, snapshot)).findings : []
    const { planOutcome } = await import('../../lib/cli/plan-outcome.js')
    return planOutcome(makeRollPlan({ snapshot, inventory, facts }, flags, warnings), flags)
  }
}
