import { string as argument } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { snapshotFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { Plan } from '../../lib/plan/plan.js'

/** `klinic plan show FILE` */
export default class PlanShow extends KlinicCommand<Plan> {
  static override summary = 'show a plan file: what it does to each broker and partition, and why'
  static override description = `Needs no cluster. Kafka's reassignment JSON is shown as well when --from-snapshot says which cluster it is for.`
  static override examples = [
    'klinic plan show balance.json',
    'klinic plan show balance.json --explain orders-7',
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

  protected async execute(): Promise<Outcome<Plan>> {
    const { args, flags } = await this.parse(PlanShow)
    const { readPlanFor } = await import('../../lib/cli/read-plan.js')
    const { plan, snapshot } = await readPlanFor(args.file, flags['from-snapshot'])
    const { explainPartition } = await import('../../lib/report/plan/explain-text.js')
    const { renderPlanMarkdown } = await import('../../lib/report/plan/plan-markdown.js')
    const { renderPlan } = await import('../../lib/report/plan/plan-text.js')
    const { explain, full } = flags
    return {
      json: plan,
      text: (style) => {
        if (explain !== undefined) return explainPartition(plan, explain, snapshot, style)
        if (flags.format === 'markdown') return renderPlanMarkdown(plan, { full })
        return renderPlan(plan, style, { full, nowMs: Date.now() })
      },
    }
  }
}
