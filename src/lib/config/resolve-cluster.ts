import { OperatorError } from '../errors/operator-error.js'
import { suggest } from '../units/suggest.js'
import { findConfigFile } from './find-file.js'
import type { CheckedFile } from './read-file.js'
import { clusterSchema, type ClusterEntry } from './schema.js'
import { resolveSettings, type Settings } from './settings.js'

/** The connection flags as a command got them, and which of them stood on the command line. */
export interface ConnectionFlags {
  readonly cluster?: string | undefined
  readonly 'bootstrap-server'?: string | undefined
  readonly 'command-config'?: string | undefined
  readonly config?: string | undefined
  readonly timeout?: number | undefined
  readonly 'allow-plaintext-sasl'?: boolean | undefined
  readonly 'actions-topic'?: string | undefined
}

/** What choosing a cluster needs. */
export interface ClusterChoice {
  readonly flags: ConnectionFlags
  readonly given: ReadonlySet<string>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** The cluster that is meant, with its settings; nothing was connected and no secret was read. */
export interface ResolvedCluster {
  /** Absent with `--bootstrap-server` alone. */
  readonly name?: string
  readonly entry: ClusterEntry
  readonly settings: Settings
  readonly file?: CheckedFile
}

/** Reads the configuration file, where there is one. */
export async function loadConfigFile(choice: ClusterChoice): Promise<CheckedFile | null> {
  const { env, cwd } = choice
  const path = await findConfigFile({ flag: choice.flags.config, env, cwd })
  if (path === null) return null
  const { readConfigFile } = await import('./read-file.js')
  return readConfigFile(path)
}

/** The cluster that flags, environment and file mean together. */
export async function resolveCluster(choice: ClusterChoice): Promise<ResolvedCluster> {
  const file = await loadConfigFile(choice)
  const name = chooseName(choice, file)
  return describeCluster(name, file, choice.env)
}

/** A cluster of the file by its name (also the operations cluster), or the bare defaults without one. */
export function describeCluster(
  name: string | undefined,
  file: CheckedFile | null,
  env: ClusterChoice['env'],
): ResolvedCluster {
  const raw = name === undefined ? undefined : findEntry(name, file)
  return {
    ...(name === undefined ? {} : { name }),
    ...(file === null ? {} : { file }),
    entry: clusterSchema.parse(raw ?? {}),
    settings: resolveSettings({ env, cluster: raw, defaults: file?.raw.defaults }),
  }
}

/**
 * A flag outranks the environment: `--bootstrap-server` on the command line silences KLINIC_CLUSTER, and the other way
 * round. Given both on the same level, the cluster's entry is used at those addresses.
 */
function chooseName(choice: ClusterChoice, file: CheckedFile | null): string | undefined {
  const { flags, given } = choice
  if (given.has('cluster')) return flags.cluster
  if (given.has('bootstrap-server')) return undefined
  if (flags.cluster !== undefined) return flags.cluster
  if (flags['bootstrap-server'] !== undefined) return undefined
  if (file?.raw.defaultCluster !== undefined) return file.raw.defaultCluster
  const names = Object.keys(file?.raw.clusters ?? {})
  return names.length === 1 ? names[0] : undefined
}

function findEntry(name: string, file: CheckedFile | null) {
  const clusters = new Map(Object.entries(file?.raw.clusters ?? {}))
  const entry = clusters.get(name)
  if (entry !== undefined) return entry
  const names = [...clusters.keys()]
  const near = suggest(name, names)
  const where = file === null ? 'there is no configuration file' : `${file.path} does not name it`
  throw new OperatorError({
    code: 'UNKNOWN_CLUSTER',
    message: `cluster ${name}: ${where}`,
    nextSteps: [
      ...(near === null ? [] : [`--cluster ${near}   (did you mean this?)`]),
      ...(names.length === 0 ? [] : [`known clusters: ${names.sort().join(', ')}`]),
      '--bootstrap-server HOST:PORT needs no configuration file',
    ],
    exit: 'usage',
  })
}
