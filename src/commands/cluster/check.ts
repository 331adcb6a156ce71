import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { CheckDocument } from '../../lib/report/status/check-document.js'

/** `klinic cluster check` */
export default class ClusterCheck extends KlinicCommand<CheckDocument> {
  static override summary = 'look for trouble and exit 3 when there is any: for monitors and cron'
  static override description =
    'Exits 0 when nothing was found but notes, 3 when there are warnings or blockers.'
  static override examples = [
    'klinic cluster check --cluster prod',
    'klinic cluster check --bootstrap-server localhost:9092 --json',
  ]
  static override flags = {
    ...connectionFlags,
    full: boolean({ summary: 'name every partition concerned' }),
  }
  static exitCodes = ['refused'] as const

  protected async execute(): Promise<Outcome<CheckDocument>> {
    const { flags } = await this.parse(ClusterCheck)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { readCluster } = await import('../../lib/cli/compose-snapshot.js')
    const context = await openReadContext(this.contextInput(flags))
    const snapshot = await readCluster(context, this.ui)
    const { checkHealth } = await import('../../lib/health/check-health.js')
    const { describeCheck } = await import('../../lib/report/status/check-document.js')
    const { renderFindings } = await import('../../lib/report/status/findings-text.js')
    const result = describeCheck(snapshot, checkHealth(snapshot))
    return {
      json: result,
      text: (style) => renderFindings(result.findings, style, { full: flags.full }),
      exit: result.healthy ? 'done' : 'refused',
      quietWhenDone: result.healthy,
    }
  }
}
