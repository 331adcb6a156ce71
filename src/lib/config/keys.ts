import { z } from 'zod'

import { clusterSchema, fileSchema, tunablesSchema } from './schema.js'

/** One key of the file, as the schema describes it. `NAME` in the path stands for a cluster's name. */
export interface KeyDescription {
  readonly path: readonly string[]
  readonly description: string
  /** As it would be written in the file. */
  readonly default?: unknown
  readonly example?: unknown
  readonly flag?: string
  readonly secret: boolean
}

const CLUSTER_NAME = 'NAME'

/** Every key of the file: first those of the file itself, then the defaults, then those of a cluster. */
export function describeKeys(): readonly KeyDescription[] {
  return [
    ...keysOf({ defaultCluster: fileSchema.shape.defaultCluster }, []),
    ...keysOf(tunablesSchema.shape, ['defaults']),
    ...keysOf(clusterSchema.shape, ['clusters', CLUSTER_NAME]),
  ]
}

/** The tunables alone, by their path below `defaults` or a cluster. */
export function describeTunables(): readonly KeyDescription[] {
  return keysOf(tunablesSchema.shape, [])
}

/** The keys that may stand at a path of the file; empty where the keys are names of the operator's own. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = fileSchema
  for (const part of path) {
    const inner = unwrap(schema)
    if (inner instanceof z.ZodObject) schema = inner.shape[String(part)]
    else if (inner instanceof z.ZodRecord) schema = inner.valueType
    else if (inner instanceof z.ZodUnion) return []
    else return []
  }
  const inner = unwrap(schema)
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
}

function keysOf(shape: Readonly<Record<string, unknown>>, base: readonly string[]) {
  const keys: KeyDescription[] = []
  for (const [name, schema] of Object.entries(shape)) {
    const path = [...base, name]
    const meta = schema instanceof z.ZodType ? schema.meta() : undefined
    if (meta?.description !== undefined) keys.push(describe(path, schema, meta))
    else {
      const inner = unwrap(schema)
      if (inner instanceof z.ZodObject) keys.push(...keysOf(inner.shape, path))
    }
  }
  return keys
}

function describe(
  path: readonly string[],
  schema: unknown,
  meta: Readonly<Record<string, unknown>>,
): KeyDescription {
  const byDefault = schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined
  return {
    path,
    description: String(meta['description']),
    secret: meta['secret'] === true,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(meta['example'] === undefined ? {} : { example: meta['example'] }),
    ...(typeof meta['flag'] === 'string' ? { flag: meta['flag'] } : {}),
  }
}

function unwrap(schema: unknown): unknown {
  let current = schema
  while (current instanceof z.ZodOptional || current instanceof z.ZodPrefault) {
    current = current.def.innerType
  }
  return current
}
