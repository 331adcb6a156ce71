import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { windowFlags } from '../../lib/cli/stats-flags.js'
import type { FindingsDocument } from '../../lib/report/status/check-document.js'

/** `klinic stats verify` */
export default class StatsVerify extends KlinicCommand<FindingsDocument> {
  static override summary = 'check whether a plan can build on the samples, and exit 3 when not'
  static override description = `Holds the samples of a window against the live cluster: age, gaps, brokers and partitions without figures,
records that cannot be read. Totals of brokers are compared where a source has them; the Kafka protocol has none.`
  static override examples = [
    'klinic stats verify --cluster prod',
    'klinic stats verify --window 1h --bootstrap-server localhost:9092 --json',
  ]
  static override flags = {
    ...connectionFlags,
    window: windowFlags.window,
    full: boolean({ summary: 'name every partition concerned' }),
  }
  static exitCodes = ['refused'] as const

  protected async execute(): Promise<Outcome<FindingsDocument>> {
    const { flags } = await this.parse(StatsVerify)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { verifySamples } = await import('../../lib/cli/verify-samples.js')
    const { renderFindings } = await import('../../lib/report/status/findings-text.js')
    const context = await openReadContext(this.contextInput(flags))
    const tools = { ui: this.ui, signal: this.signal }
    const result = await verifySamples(context, { windowMs: flags.window }, tools)
    return {
      json: result,
      text: (style) => renderFindings(result.findings, style, { full: flags.full }),
      exit: result.healthy ? 'done' : 'refused',
      quietWhenDone: result.healthy,
    }
  }
}
