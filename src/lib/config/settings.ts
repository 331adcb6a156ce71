import { OperatorError } from '../errors/operator-error.js'
import { describeTunables, type KeyDescription } from './keys.js'
import { tunablesSchema, type Settings } from './schema.js'

export type { Settings } from './schema.js'

/** Where a value comes from; `environment` names the variable, `file` the place in it. */
export interface Origin {
  readonly kind: 'environment' | 'cluster' | 'defaults' | 'built-in'
  readonly variable?: string
}

/** A tunable with the value that holds, as it would be written in the file, and where it comes from. */
export interface EffectiveKey {
  readonly path: readonly string[]
  readonly value: unknown
  readonly origin: Origin
  readonly flag?: string | undefined
}

type Tree = Readonly<Record<string, unknown>>

/** What settings are made of, the nearest first. The trees are as written in the file. */
export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cluster?: Tree | undefined
  readonly defaults?: Tree | undefined
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The environment variable that sets a tunable: that of its flag. */
export function variableOf(key: Pick<KeyDescription, 'flag'>): string | null {
  return key.flag === undefined ? null : `KLINIC_${key.flag.toUpperCase().replaceAll('-', '_')}`
}

/** What stands at a path of a tree; undefined where nothing does. */
export function valueAt(tree: unknown, path: readonly string[]): unknown {
  let current = tree
  for (const part of path)
    current = isTree(current) && Object.hasOwn(current, part) ? current[part] : undefined
  return current
}

/** Each tunable by precedence: environment, cluster, `defaults`, built-in. Flags stand above all and are the command's. */
export function effectiveKeys(sources: SettingSources): readonly EffectiveKey[] {
  return describeTunables().map((key) => {
    const { path, flag } = key
    const variable = variableOf(key)
    const fromEnv = variable === null ? undefined : sources.env[variable]
    if (variable !== null && fromEnv !== undefined && fromEnv !== '') {
      return { path, flag, value: fromEnv, origin: { kind: 'environment', variable } }
    }
    const ofCluster = valueAt(sources.cluster, path)
    if (ofCluster !== undefined)
      return { path, flag, value: ofCluster, origin: { kind: 'cluster' } }
    const ofDefaults = valueAt(sources.defaults, path)
    if (ofDefaults !== undefined)
      return { path, flag, value: ofDefaults, origin: { kind: 'defaults' } }
    return { path, flag, value: key.default, origin: { kind: 'built-in' } }
  })
}

/** The settings of a cluster with units read. A variable that does not fit is named (exit 78). */
export function resolveSettings(sources: SettingSources): Settings {
  const keys = effectiveKeys(sources)
  const tree: Record<string, Record<string, unknown>> = {}
  for (const { path, value } of keys) {
    const [group, name] = path
    if (group === undefined || name === undefined || value === undefined) continue
    const members = (tree[group] ??= {})
    members[name] = value
  }
  const result = tunablesSchema.safeParse(tree)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    const path = issue.path.map(String)
    const key = keys.find((entry) => entry.path.every((part, index) => part === path[index]))
    return `${key?.origin.variable ?? path.join('.')}: ${issue.message}`
  })
  throw new OperatorError({
    code: 'CONFIG_INVALID',
    message: problems.join('\n'),
    nextSteps: ['klinic config show --origin'],
    exit: 'badConfig',
  })
}
