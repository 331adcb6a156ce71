import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { PlanDiff } from '../../lib/plan/diff-plans.js'

/** `klinic plan diff A B` */
export default class PlanDiffCommand extends KlinicCommand<PlanDiff> {
  static override summary =
    'compare two plans partition by partition, whatever the order of their steps'
  static override examples = [
    'klinic plan diff yesterday.json today.json',
    'klinic plan diff a.json b.json --json',
  ]
  static override args = {
    a: string({ required: true, description: 'plan file' }),
    b: string({ required: true, description: 'plan file to compare it with' }),
  }
  static override flags = {
    full: boolean({ summary: 'fold nothing' }),
    'detailed-exitcode': boolean({ summary: 'exit 2 when they differ' }),
  }
  static exitCodes = ['changesPending', 'badData'] as const

  protected async execute(): Promise<Outcome<PlanDiff>> {
    const { args, flags } = await this.parse(PlanDiffCommand)
    const { readPlanFile } = await import('../../lib/cli/compose-files.js')
    const { diffPlans, isEmptyDiff } = await import('../../lib/plan/diff-plans.js')
    const { renderPlanDiff } = await import('../../lib/report/plan/diff-text.js')
    const diff = diffPlans(await readPlanFile(args.a), await readPlanFile(args.b))
    const same = isEmptyDiff(diff)
    return {
      json: diff,
      text: (style) => renderPlanDiff(diff, style, { full: flags.full }),
      exit: !same && flags['detailed-exitcode'] ? 'changesPending' : 'done',
      quietWhenDone: same,
    }
  }
}
