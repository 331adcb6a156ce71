import { string } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { quote } from '../../lib/cli/connection-words.js'
import type { ConfigTemplate } from '../../lib/cli/config-file.js'
import type { Outcome } from '../../lib/cli/outcome.js'

/** `klinic config init`. */
export default class ConfigInit extends KlinicCommand<ConfigTemplate> {
  static override summary = 'write a klinic.yaml with every key, each explained'
  static override examples = [
    'klinic config init --output klinic.yaml',
    'klinic config init --cluster prod --bootstrap-server kafka-1:9092,kafka-2:9092',
  ]
  static override flags = {
    output: string({ char: 'o', summary: 'file to write (default: print it)' }),
    cluster: string({ char: 'c', summary: 'name of the first cluster', default: 'main' }),
    'bootstrap-server': string({ char: 'b', summary: 'where it is', default: 'localhost:9092' }),
  }

  protected async execute(): Promise<Outcome<ConfigTemplate>> {
    const { flags } = await this.parse(ConfigInit)
    const { initConfig } = await import('../../lib/cli/config-file.js')
    const bootstrapServers = flags['bootstrap-server'].split(',').map((server) => server.trim())
    const json = await initConfig({ name: flags.cluster, bootstrapServers }, flags.output)
    return {
      json,
      text: () => (json.file === null ? json.text : `${json.file} written.`),
      next: json.file === null ? [] : firstSteps(json.file, flags.cluster),
    }
  }
}

function firstSteps(file: string, cluster: string): readonly string[] {
  const config = file === 'klinic.yaml' ? '' : ` --config ${quote(file)}`
  return [
    `klinic config validate${config}`,
    `klinic cluster status${config} --cluster ${quote(cluster)}`,
  ]
}
