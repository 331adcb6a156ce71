import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags, durationFlag, snapshotFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { capacityFlags } from '../../lib/cli/target-flags.js'
import type { CheckDocument } from '../../lib/report/status/check-document.js'

/** `klinic cluster check` */
export default class ClusterCheck extends KlinicCommand<CheckDocument> {
  static override summary = 'look for trouble and exit 3 when there is any: for monitors and cron'
  static override description = `Exits 0 when nothing was found but notes, 3 when there are warnings or blockers, 69 when nobody answers. Every broker gets
a verdict with its evidence, every replica that is out of sync a reason with figures.`
  static override examples = [
    'klinic cluster check --cluster prod',
    'klinic cluster check --bootstrap-server localhost:9092 --json',
    'klinic cluster check --cluster prod --observe 30s --in-limit 100MB/s --out-limit 100MB/s',
  ]
  static override flags = {
    ...connectionFlags,
    ...snapshotFlag,
    observe: durationFlag({
      summary: 'measure the traffic for this long, on the spot, to judge saturation by',
      helpGroup: 'CONNECTION',
    }),
    limit: capacityFlags.limit,
    'in-limit': capacityFlags['in-limit'],
    'out-limit': capacityFlags['out-limit'],
    'min-dead-for': durationFlag({
      summary: 'how long a broker must be gone before it counts as dead (default 10m)',
    }),
    full: boolean({ summary: 'name every partition concerned, and every broker' }),
  }
  static exitCodes = ['refused', 'badData'] as const

  protected async execute(): Promise<Outcome<CheckDocument>> {
    const { flags } = await this.parse(ClusterCheck)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { checkCluster } = await import('../../lib/cli/check-cluster.js')
    const { renderCheck } = await import('../../lib/report/status/check-text.js')
    const context = await openReadContext(this.contextInput(flags))
    const check = await checkCluster(context, flags, { ui: this.ui, signal: this.signal })
    return {
      json: check,
      text: (style) => renderCheck(check, style, { full: flags.full }),
      exit: check.healthy ? 'done' : 'refused',
      quietWhenDone: check.healthy,
    }
  }
}
