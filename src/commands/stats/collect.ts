import { boolean, string } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags, durationFlag } from '../../lib/cli/flags.js'
import { connectionWords } from '../../lib/cli/connection-words.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { CollectionSummary } from '../../lib/report/stats/collection-summary.js'

/** `klinic stats collect` */
export default class StatsCollect extends KlinicCommand<CollectionSummary> {
  static override summary = 'measure the traffic at an interval and publish samples'
  static override description = `Needs nothing on the brokers: figures come from differences of log sizes, offsets and committed offsets.
Samples go to the stats topic (on the operations cluster where one is configured) or to a file. Stopping it
(Ctrl-C, SIGTERM) publishes what was measured since the last sample.`
  static override examples = [
    'klinic stats collect --once --create-topic --bootstrap-server localhost:9092',
    'klinic stats collect --for 10m --interval 60s --cluster prod',
    'klinic stats collect --once --output samples.jsonl --bootstrap-server localhost:9092',
  ]
  static override flags = {
    ...connectionFlags,
    once: boolean({ summary: 'one interval, then end', exclusive: ['for'] }),
    for: durationFlag({ summary: 'collect for this long (default: until stopped)' }),
    interval: durationFlag({
      summary: 'time that a sample covers',
      default: 60_000,
      defaultHelp: () => Promise.resolve('60s'),
    }),
    output: string({
      char: 'o',
      summary: 'append samples to this file (JSON lines), not to the topic',
      exclusive: ['create-topic'],
    }),
    'create-topic': boolean({ summary: 'create the stats topic when it does not exist' }),
  }
  protected override readonly stopWithinMs = 20_000

  protected async execute(): Promise<Outcome<CollectionSummary>> {
    const { flags } = await this.parse(StatsCollect)
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { collectInto } = await import('../../lib/cli/collect-into.js')
    const { withFileTarget, withTopicTarget } = await import('../../lib/cli/compose-stats.js')
    const { renderCollection } = await import('../../lib/report/stats/collection-summary.js')
    const context = await openWriteContext(this.contextInput(flags))
    const durationMs = flags.once ? flags.interval : flags.for
    const options = { intervalMs: flags.interval, durationMs, ui: this.ui, signal: this.signal }
    const summary = await (flags.output === undefined
      ? withTopicTarget(context, { create: flags['create-topic'], ui: this.ui }, (target) =>
          collectInto(context, target, options),
        )
      : withFileTarget(flags.output, (target) => collectInto(context, target, options)))
    return {
      json: summary,
      text: (style) => renderCollection(summary, style),
      ...(flags.output === undefined && { next: [`klinic stats show${connectionWords(flags)}`] }),
    }
  }
}
