import { KlinicCommand } from '../../lib/cli/base-command.js'
import type { ConfigVerdict } from '../../lib/cli/config-file.js'
import type { Outcome } from '../../lib/cli/outcome.js'

/** `klinic config validate`. */
export default class ConfigValidate extends KlinicCommand<ConfigVerdict> {
  static override summary = 'check klinic.yaml without connecting to anything'
  static override examples = [
    'klinic config validate',
    'klinic config validate --config klinic.yaml',
  ]

  protected async execute(): Promise<Outcome<ConfigVerdict>> {
    const { flags } = await this.parse(ConfigValidate)
    const { validateConfig } = await import('../../lib/cli/config-file.js')
    const json = await validateConfig(this.contextInput(flags))
    const { clusters, file } = json
    const count = `${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}`
    const names = clusters.length === 0 ? '' : ` (${clusters.join(', ')})`
    return { json, text: () => `${file} is valid: ${count}${names}`, quietWhenDone: true }
  }
}
