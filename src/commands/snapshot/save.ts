import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags, durationFlag } from '../../lib/cli/flags.js'
import { outputFileFlag } from '../../lib/cli/output-file-flag.js'
import { timeFlag, windowFlags } from '../../lib/cli/stats-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { Snapshot } from '../../lib/model/snapshot.js'
import type { SavedSnapshot } from '../../lib/report/status/saved-snapshot.js'

/** `klinic snapshot save` */
export default class SnapshotSave extends KlinicCommand<SavedSnapshot | Snapshot> {
  static override summary = 'keep the state of a cluster in a file that every plan command takes'
  static override description =
    'Without --output the snapshot itself goes to stdout. A sick cluster is saved too, with warnings about what could not be read.'
  static override examples = [
    'klinic snapshot save --cluster prod --output prod.json.gz',
    'klinic snapshot save --bootstrap-server localhost:9092 --observe 60s --output now.json',
    'klinic snapshot save --cluster prod --from-stats --at 2026-11-21T14:00Z --output then.json',
  ]
  static override flags = {
    ...connectionFlags,
    output: outputFileFlag({ char: 'o', summary: 'file to write (.json, or .json.gz packed)' }),
    observe: durationFlag({
      summary: 'measure the traffic for this long, on the spot',
      exclusive: ['from-stats'],
    }),
    'from-stats': boolean({ summary: 'rebuild it from the samples of the stats topic' }),
    at: timeFlag({
      summary: 'as it was then: a time such as 2026-11-21T14:00Z',
      dependsOn: ['from-stats'],
    }),
    ...windowFlags,
  }
  static exitCodes = ['refused'] as const

  protected async execute(): Promise<Outcome<SavedSnapshot | Snapshot>> {
    const { flags } = await this.parse(SnapshotSave)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const compose = await import('../../lib/cli/compose-snapshot.js')
    const context = await openReadContext(this.contextInput(flags))
    const snapshot = await compose.takeSnapshot(context, flags, {
      ui: this.ui,
      signal: this.signal,
    })
    const { describeSickness } = await import('../../lib/health/describe-sickness.js')
    for (const warning of [...describeSickness(snapshot), ...(snapshot.warnings ?? [])])
      this.ui.warn(warning)
    if (flags.output === undefined) {
      const { formatSnapshot } = await import('../../lib/model/format-snapshot.js')
      return { json: snapshot, text: () => formatSnapshot(snapshot).trimEnd() }
    }
    await compose.writeSnapshotTo(flags.output, snapshot)
    const { describeSaved, renderSaved } = await import('../../lib/report/status/saved-snapshot.js')
    const saved = describeSaved(flags.output, snapshot)
    return {
      json: saved,
      text: () => renderSaved(saved),
      next: [`klinic snapshot show ${flags.output}`],
    }
  }
}
