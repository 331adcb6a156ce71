import { string } from '@oclif/core/args'

import { actionsTopicFlag } from '../../lib/cli/actions-flags.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { RollStatusDocument } from '../../lib/report/roll/roll-status-text.js'

/** `klinic roll status [PLAN-ID]` */
export default class RollStatus extends KlinicCommand<RollStatusDocument> {
  static override summary = 'show where a rolling restart stands'
  static override examples = [
    'klinic roll status --cluster prod',
    'klinic roll status roll-1a2b3c4d --cluster prod --json',
  ]
  static override args = {
    roll: string({ description: 'id of the plan (default: the unfinished roll of this cluster)' }),
  }
  static override flags = { ...connectionFlags, ...actionsTopicFlag }
  static exitCodes = ['badData'] as const

  protected async execute(): Promise<Outcome<RollStatusDocument>> {
    const { args, flags } = await this.parse(RollStatus)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { findRoll } = await import('../../lib/cli/find-roll.js')
    const { describeRollStatus } = await import('../../lib/execution/roll/describe-status.js')
    const { renderRollStatus } = await import('../../lib/report/roll/roll-status-text.js')
    const context = await openReadContext(this.contextInput(flags))
    const { clusterId } = await context.withReader((reader) => reader.readMetadata({ topics: [] }))
    const { withJournalsToRead } = await import('../../lib/cli/compose-journal.js')
    const warn = (text: string): void => this.ui.warn(text)
    const roll = await withJournalsToRead(context, { warn }, (store) =>
      findRoll(store, clusterId, args.roll),
    )
    const document = describeRollStatus(roll)
    return {
      json: document,
      text: (style) => renderRollStatus(document, style),
      next: document.isOver ? [] : [`klinic roll resume ${document.planId}`],
    }
  }
}
