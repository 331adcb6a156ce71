import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { snapshotFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { ShownPlan } from '../../lib/cli/show-plan.js'

/** `klinic plan show FILE` */
export default class PlanShow extends KlinicCommand<ShownPlan> {
  static override summary = 'show a plan file: what it does to each broker and partition, and why'
  static override description = `Needs no cluster. With --from-snapshot also Kafka's reassignment JSON is shown, and --explain tells why no
other broker takes the partition.`
  static override examples = [
    'klinic plan show balance.json',
    'klinic plan show balance.json --explain orders-7 --from-snapshot prod.json.gz',
    'klinic plan show balance.json --format markdown --full',
  ]
  static override args = {
    file: argument({ required: true, description: 'plan file (.json, .json.gz, or - for stdin)' }),
  }
  static override flags = {
    ...snapshotFlag,
    full: boolean({ summary: 'fold nothing' }),
    format: string({ options: ['text', 'markdown'], default: 'text', summary: 'how to print it' }),
    explain: string({ summary: 'TOPIC-PARTITION: why it moves, or why it does not' }),
  }
  static exitCodes = ['badData'] as const

  protected async execute(): Promise<Outcome<ShownPlan>> {
    const { args, flags } = await this.parse(PlanShow)
    const { readPlanFor } = await import('../../lib/cli/read-plan.js')
    const { plan, snapshot } = await readPlanFor(args.file, flags['from-snapshot'])
    const { showPlan } = await import('../../lib/cli/show-plan.js')
    return showPlan(plan, snapshot, flags)
  }
}
