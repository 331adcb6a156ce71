import { describeKeys, type KeyDescription } from './keys.js'
import { resolveCluster, type ClusterChoice, type ResolvedCluster } from './resolve-cluster.js'
import { effectiveKeys, valueAt, variableOf } from './settings.js'

/** A key with the value that holds and where it comes from. Secrets are shown as the kind of their reference. */
export interface ShownKey {
  readonly key: string
  readonly value: unknown
  /** `flag --timeout`, `environment KLINIC_BAND`, `FILE:LINE:COLUMN`, `built-in`, or `not set`. */
  readonly origin: string
}

/** What `config show` tells. */
export interface ConfigOverview {
  readonly file: string | null
  readonly cluster: string | null
  readonly keys: readonly ShownKey[]
}

/** Every key that holds for the chosen cluster. Connects to nothing and reads no secret. */
export async function describeConfig(choice: ClusterChoice): Promise<ConfigOverview> {
  const cluster = await resolveCluster(choice)
  const keys = [...connectionKeys(cluster), ...tunableKeys(cluster, choice)]
  return {
    file: cluster.file?.path ?? null,
    cluster: cluster.name ?? null,
    keys: keys.map((shown) => fromFlag(shown, choice) ?? shown),
  }
}

interface Shown extends ShownKey {
  readonly flag?: string | undefined
}

function placeOf(cluster: ResolvedCluster, path: readonly string[]): string {
  const { file } = cluster
  return file === undefined ? 'not set' : `${file.path}:${file.positionOf(path)}`
}

function connectionKeys(cluster: ResolvedCluster): readonly Shown[] {
  const { name = '', file } = cluster
  const tunables = new Set(describeKeys().flatMap((key) => pathBelow('defaults', 1, key) ?? []))
  return describeKeys().flatMap((key): Shown[] => {
    const path = pathBelow('clusters', 2, key)
    if (path === null || tunables.has(path)) return []
    const full = ['clusters', name, ...path.split('.')]
    const value = valueAt(file?.raw, full)
    const shown = key.secret ? describeReference(value) : (value ?? null)
    const origin = value === undefined ? 'not set' : placeOf(cluster, full)
    return [{ key: path, value: shown, origin, flag: key.flag }]
  })
}

function pathBelow(head: string, skip: number, key: KeyDescription): string | null {
  return key.path[0] === head ? key.path.slice(skip).join('.') : null
}

function tunableKeys(cluster: ResolvedCluster, choice: ClusterChoice): readonly Shown[] {
  const { name = '', file } = cluster
  const sources = {
    env: choice.env,
    cluster: file?.raw.clusters?.[name],
    defaults: file?.raw.defaults,
  }
  return effectiveKeys(sources).map(({ path, value = null, origin, flag }): Shown => {
    const base = { key: path.join('.'), value, flag }
    switch (origin.kind) {
      case 'environment':
        return { ...base, origin: `environment ${origin.variable ?? ''}` }
      case 'cluster':
        return { ...base, origin: placeOf(cluster, ['clusters', name, ...path]) }
      case 'defaults':
        return { ...base, origin: placeOf(cluster, ['defaults', ...path]) }
      case 'built-in':
        return { ...base, origin: value === null ? 'not set' : 'built-in' }
    }
  })
}

/** A flag on the command line, or its variable, outranks everything else. */
function fromFlag(shown: Shown, choice: ClusterChoice): ShownKey | null {
  const { key, flag } = shown
  if (flag === undefined) return null
  const value = valueAt(choice.flags, [flag])
  if (value === undefined) return null
  const written = typeof value === 'number' ? `${value}ms` : value
  if (choice.given.has(flag)) return { key, value: written, origin: `flag --${flag}` }
  const outranked = choice.given.has('cluster') && key === 'bootstrapServers'
  if (outranked || shown.origin.startsWith('environment')) return null
  return { key, value: written, origin: `environment ${variableOf({ flag }) ?? ''}` }
}

function describeReference(reference: unknown): string | null {
  if (reference === undefined) return null
  if (reference === 'prompt') return 'prompt'
  const kind = typeof reference === 'object' && reference !== null ? Object.keys(reference)[0] : ''
  const value = valueAt(reference, [kind ?? ''])
  return Array.isArray(value) ? `command ${String(value[0])} …` : `${kind ?? ''} ${String(value)}`
}
