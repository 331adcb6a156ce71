import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { KlinicCommand } from './base-command.js'
import type { ConfigSource } from './load-config.js'

/** The commands there are, and a way to open one with its arguments. */
export interface Commands {
  readonly ids: ReadonlySet<string>
  open(id: string, argv: readonly string[]): Promise<KlinicCommand>
}

/**
 * As built, the manifest names the commands and the one that is wanted is imported by its path: oclif's own discovery of
 * plugins would cost a third of a start and finds nothing more. From sources, or without a manifest, oclif looks.
 */
export async function openCommands(
  source: ConfigSource & { readonly pjson: Package },
): Promise<Commands> {
  return (source.development ? null : await openBuilt(source)) ?? openDiscovered(source)
}

interface Package {
  readonly name: string
  readonly version: string
}

async function openBuilt(source: { root: string; pjson: Package }): Promise<Commands | null> {
  const ids = await readManifestIds(join(source.root, 'oclif.manifest.json'))
  if (ids === null) return null
  return {
    ids,
    open: async (id, argv) => {
      const path = join(source.root, 'dist/src/commands', `${id.replaceAll(':', '/')}.js`)
      const module = (await import(pathToFileURL(path).href)) as { default: object }
      const { Config } = await import('@oclif/core/config')
      const config = new Config({ root: source.root })
      const { name, version } = source.pjson
      const runHook = () => Promise.resolve({ successes: [], failures: [] })
      Object.assign(config, { bin: 'klinic', name, version, topicSeparator: ' ', runHook })
      return construct(Object.assign(module.default, { id }), argv, config)
    },
  }
}

async function openDiscovered(source: ConfigSource): Promise<Commands> {
  const { loadConfig } = await import('./load-config.js')
  const config = await loadConfig(source)
  return {
    ids: new Set(config.commands.map((command) => command.id)),
    open: async (id, argv) => {
      const Loaded = await config.findCommand(id, { must: true }).load()
      return construct(Loaded, argv, config)
    },
  }
}

async function construct(
  Loaded: object,
  argv: readonly string[],
  config: object,
): Promise<KlinicCommand> {
  const { KlinicCommand } = await import('./base-command.js')
  const command: unknown =
    typeof Loaded === 'function' ? Reflect.construct(Loaded, [[...argv], config]) : null
  if (command instanceof KlinicCommand) return command
  throw new TypeError('the file of the command holds no klinic command')
}

async function readManifestIds(path: string): Promise<ReadonlySet<string> | null> {
  try {
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { readonly commands: object }
    return new Set(Object.keys(manifest.commands))
  } catch {
    return null
  }
}
