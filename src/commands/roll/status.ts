import { string } from '@oclif/core/args'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { RollStatusDocument } from '../../lib/report/roll/roll-status-text.js'

/** `klinic roll status [PLAN-ID]` */
export default class RollStatus extends KlinicCommand<RollStatusDocument> {
  static override summary = 'show where a rolling restart of this host stands'
  static override examples = [
    'klinic roll status --cluster prod',
    'klinic roll status roll-1a2b3c4d --cluster prod --json',
  ]
  static override args = {
    roll: string({ description: 'id of the plan (default: the unfinished roll of this cluster)' }),
  }
  static override flags = connectionFlags
  static exitCodes = ['badData'] as const

  protected async execute(): Promise<Outcome<RollStatusDocument>> {
    const { args, flags } = await this.parse(RollStatus)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { findRoll } = await import('../../lib/cli/find-roll.js')
    const { describeRollStatus } = await import('../../lib/execution/roll/describe-status.js')
    const { renderRollStatus } = await import('../../lib/report/roll/roll-status-text.js')
    const context = await openReadContext(this.contextInput(flags))
    const { clusterId } = await context.withReader((reader) => reader.readMetadata({ topics: [] }))
    const document = describeRollStatus(await findRoll(clusterId, args.roll))
    return {
      json: document,
      text: (style) => renderRollStatus(document, style),
      next: document.isOver ? [] : [`klinic roll resume ${document.planId}`],
    }
  }
}
