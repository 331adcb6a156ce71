import { Config, Plugin } from '@oclif/core/config'

import type { Catalogue } from './catalogue.js'

/** Where the package lies, and whether its commands are read from sources. */
export interface ConfigSource {
  readonly development: boolean
  readonly root: string
  readonly pjson: object
  /** From sources: throw when a command cannot be loaded, instead of leaving it out with a warning. */
  readonly strict?: boolean
}

/** oclif's view of the package. From sources no manifest is believed: a stale one hides new commands. */
export async function loadConfig(source: ConfigSource): Promise<Config> {
  if (!source.development) return Config.load({ root: source.root })
  const pjson = JSON.parse(JSON.stringify(source.pjson)) as Plugin['pjson']
  pjson.oclif.commands = './src/commands'
  const plugin = new Plugin({
    isRoot: true,
    root: source.root,
    pjson,
    ignoreManifest: true,
    errorOnManifestCreate: source.strict === true,
  })
  await plugin.load()
  return Config.load({ root: source.root, plugins: new Map([[plugin.name, plugin]]) })
}

/** The commands as help and suggestions see them. */
export function catalogueOf(config: Config): Catalogue {
  return Object.fromEntries(config.commands.map((command) => [command.id, command])) as Catalogue
}
