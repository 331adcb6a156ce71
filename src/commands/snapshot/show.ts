import { boolean } from '@oclif/core/flags'
import { string } from '@oclif/core/args'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { StatusDocument } from '../../lib/report/status/status-document.js'

/** `klinic snapshot show FILE` */
export default class SnapshotShow extends KlinicCommand<StatusDocument> {
  static override summary = 'show a snapshot file as cluster status would, needing no cluster'
  static override examples = ['klinic snapshot show prod.json.gz']
  static override args = {
    file: string({
      required: true,
      description: 'snapshot file (.json, .json.gz, or - for stdin)',
    }),
  }
  static override flags = {
    full: boolean({ summary: 'name every partition concerned, fold nothing' }),
  }
  static exitCodes = ['badData'] as const

  protected async execute(): Promise<Outcome<StatusDocument>> {
    const { args, flags } = await this.parse(SnapshotShow)
    const { readSnapshotFrom } = await import('../../lib/cli/compose-snapshot.js')
    const snapshot = await readSnapshotFrom(args.file)
    const { checkHealth } = await import('../../lib/health/check-health.js')
    const { describeStatus } = await import('../../lib/report/status/status-document.js')
    const { renderStatus } = await import('../../lib/report/status/status-text.js')
    const status = describeStatus(snapshot, checkHealth(snapshot))
    return { json: status, text: (style) => renderStatus(status, style, { full: flags.full }) }
  }
}
