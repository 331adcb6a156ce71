import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { EXIT_CODES } from '../errors/exit-codes.js'
import { plainStyle } from '../report/style.js'
import { findCommandId, type Catalogue } from './catalogue.js'
import { describeFailure, renderFailure, renderTraces } from './failure.js'
import { hasFlag, openHost, type Host } from './host.js'

/** How the process was entered: from sources (bin/dev.js) or as built (bin/run.js). */
export interface Entry {
  readonly development: boolean
}

interface Package {
  readonly name: string
  readonly version: string
}

/** The whole run: finds the command, runs it, sets the exit code, and ends the process when the streams are drained. */
export async function main(argv: readonly string[], entry: Entry): Promise<void> {
  const here = dirname(fileURLToPath(import.meta.url))
  const root = join(here, entry.development ? '../../..' : '../../../..')
  const pjson = await readJson<Package>(join(root, 'package.json'))
  const host = openHost(argv, pjson.version)
  const leave = async (error: unknown): Promise<void> => {
    const exitCode = fail(error, host, argv)
    await host.streams.flush()
    process.exit(exitCode)
  }
  // Covers unhandled rejections too; without it Node prints a stack trace.
  process.on('uncaughtException', (error) => void leave(error))
  let exitCode: number
  try {
    exitCode = await dispatch(argv, { ...entry, root, pjson, host })
  } catch (error) {
    exitCode = fail(error, host, argv)
  }
  await host.streams.flush()
  process.exit(exitCode)
}

interface Run extends Entry {
  readonly root: string
  readonly pjson: Package
  readonly host: Host
}

async function dispatch(argv: readonly string[], run: Run): Promise<number> {
  const { host, pjson } = run
  if (argv[0] === '--version' || argv[0] === 'version') {
    const { platform, arch, version } = process
    host.streams.writeResult(`klinic/${pjson.version} ${platform}-${arch} node-${version}`, false)
    return EXIT_CODES.done
  }
  if (asksForHelp(argv)) {
    const { answerHelp } = await import('./answer-help.js')
    return answerHelp(argv, await loadCatalogue(run), host)
  }
  const { openCommands } = await import('./open-commands.js')
  const commands = await openCommands(run)
  const found = findCommandId(argv, commands.ids)
  if (found === null) {
    const { answerUnknown } = await import('./answer-help.js')
    return answerUnknown(argv, await loadCatalogue(run), host)
  }
  return (await commands.open(found.id, found.rest)).perform(host)
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const given = end === -1 ? argv : argv.slice(0, end)
  return argv.length === 0 || argv[0] === 'help' || given.includes('--help') || given.includes('-h')
}

/** The manifest as built; from sources oclif reads the command files themselves. */
async function loadCatalogue(run: Run): Promise<Catalogue> {
  if (!run.development) {
    try {
      const path = join(run.root, 'oclif.manifest.json')
      return (await readJson<{ commands: Catalogue }>(path)).commands
    } catch {
      // Not built with `npm run build`: slower, but right.
    }
  }
  const { loadConfig, catalogueOf } = await import('./load-config.js')
  return catalogueOf(await loadConfig(run))
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T
}

function fail(error: unknown, host: Host, argv: readonly string[]): number {
  const failure = describeFailure(error, host.version)
  if (host.json) host.streams.writeJson({ error: failure })
  else host.streams.writeNote(renderFailure(failure, plainStyle))
  if (hasFlag(argv, 'verbose', process.env)) host.streams.writeNote(renderTraces(error))
  return failure.exitCode
}
