import { string } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import {
  connectionFlags,
  durationFlag,
  snapshotFlag,
  wholeNumberFlag,
} from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { timeFlag, windowFlags } from '../../lib/cli/stats-flags.js'
import type { StatsDocument } from '../../lib/report/stats/stats-document.js'

const BY = ['all', 'brokers', 'topics', 'partitions'] as const

/** `klinic stats show` */
export default class StatsShow extends KlinicCommand<StatsDocument> {
  static override summary = 'show the traffic of brokers, topics and partitions over a window'
  static override description = `Figures come from the samples of the stats topic, from a snapshot file, or are measured on the spot.
Brokers carry replication too: in is every replica, out is consumers and the copies to followers.`
  static override examples = [
    'klinic stats show --cluster prod',
    'klinic stats show --cluster prod --window 1h --statistic p95 --by partitions --top 30',
    'klinic stats show --bootstrap-server localhost:9092 --observe 60s',
  ]
  static override flags = {
    ...connectionFlags,
    ...snapshotFlag,
    ...windowFlags,
    at: timeFlag({ summary: 'look at this moment instead of now (ISO 8601)' }),
    observe: durationFlag({
      summary: 'measure the traffic for this long, on the spot',
      exclusive: ['from-snapshot', 'at', 'window', 'statistic'],
    }),
    by: string({ summary: 'which table to show', options: [...BY], default: 'all' }),
    topic: string({ summary: 'only this topic (repeatable)', multiple: true }),
    top: wholeNumberFlag({ summary: 'rows of topics and partitions', default: 10 }),
  }
  static exitCodes = ['refused', 'badData'] as const

  protected async execute(): Promise<Outcome<StatsDocument>> {
    const { flags } = await this.parse(StatsShow)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { obtainStats } = await import('../../lib/cli/obtain-stats.js')
    const { describeStats } = await import('../../lib/report/stats/stats-document.js')
    const { renderStats } = await import('../../lib/report/stats/stats-text.js')
    const open = () => openReadContext(this.contextInput(flags))
    const snapshot = await obtainStats(open, flags, { ui: this.ui, signal: this.signal })
    const document = describeStats(snapshot, flags.topic)
    const by = BY.find((choice) => choice === flags.by) ?? 'all'
    return {
      json: document,
      text: (style) => renderStats(document, { by, top: flags.top }, style),
    }
  }
}
