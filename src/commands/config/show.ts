import { boolean } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { ConfigOverview } from '../../lib/cli/config-file.js'
import type { Outcome } from '../../lib/cli/outcome.js'

/** `klinic config show`. */
export default class ConfigShow extends KlinicCommand<ConfigOverview> {
  static override summary = 'show every setting of a cluster as it holds, and where it comes from'
  static override examples = [
    'klinic config show --origin',
    'klinic config show --cluster prod --json',
  ]
  static override flags = {
    ...connectionFlags,
    origin: boolean({ summary: 'say where each value comes from' }),
  }

  protected async execute(): Promise<Outcome<ConfigOverview>> {
    const { flags } = await this.parse(ConfigShow)
    const { showConfig } = await import('../../lib/cli/config-file.js')
    const json = await showConfig(this.contextInput(flags))
    const { renderOverview } = await import('../../lib/cli/config-text.js')
    return { json, text: (style) => renderOverview(json, { origin: flags.origin, style }) }
  }
}
