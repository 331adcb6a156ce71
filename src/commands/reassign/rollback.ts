import { string } from '@oclif/core/args'

import { actionsTopicFlag } from '../../lib/cli/actions-flags.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { outputFlags } from '../../lib/cli/plan-flags.js'
import type { Plan } from '../../lib/plan/plan.js'

/** `klinic reassign rollback [PLAN_ID]` */
export default class ReassignRollback extends KlinicCommand<Plan> {
  static override summary = 'make the plan that brings back what an execution moved'
  static override description = `Changes nothing: it writes a plan with the original replica lists of the moves that were done, to be reviewed
and carried out like any other.`
  static override examples = [
    'klinic reassign rollback --cluster prod --output back.json',
    'klinic reassign rollback balance-5b1f0c2e --cluster prod --output back.json',
  ]
  static override args = {
    plan: string({ description: 'id of the executed plan (default: the last one)' }),
  }
  static override flags = { ...connectionFlags, ...actionsTopicFlag, ...outputFlags }
  static exitCodes = ['changesPending', 'badData', 'tryLater'] as const

  protected async execute(): Promise<Outcome<Plan>> {
    const { args, flags } = await this.parse(ReassignRollback)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { findExecuted } = await import('../../lib/cli/find-executed.js')
    const { rollbackOfExecution } = await import('../../lib/execution/reassign/rollback-plan.js')
    const { planOutcome } = await import('../../lib/cli/plan-outcome.js')
    const context = await openReadContext(this.contextInput(flags))
    const state = await findExecuted(context, args.plan, (text) => this.ui.warn(text))
    return planOutcome(rollbackOfExecution(state), flags)
  }
}
