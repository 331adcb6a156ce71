import type { ClusterReader, ConfigResource } from '../../src/lib/ports/cluster-reader.js'

/** Every config that somebody set on a topic, a broker or as the brokers' default: `type name key` to value. */
export async function readDynamicConfigs(
  reader: ClusterReader,
): Promise<ReadonlyMap<string, string>> {
  const { topics, brokers } = await reader.readMetadata()
  const resources: ConfigResource[] = [
    ...topics.map(({ name }) => ({ type: 'topic', name }) as const),
    ...brokers.map(({ id }) => ({ type: 'broker', name: String(id) }) as const),
    { type: 'broker', name: '' },
  ]
  const found = new Map<string, string>()
  for (const { resource, values, error } of await reader.readConfigs(resources)) {
    const label = `${resource.type} ${resource.name === '' ? '(default)' : resource.name}`
    if (error !== undefined) throw new Error(`${label}: ${error.message}`)
    const own = resource.name === '' ? 'DYNAMIC_DEFAULT_BROKER' : `DYNAMIC_${resource.type}`
    for (const { name, value, source } of values)
      if (source === own.toUpperCase()) found.set(`${label} ${name}`, value ?? '(hidden)')
  }
  return found
}

/** What differs, a sentence each. */
export function compareConfigs(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const gone = [...before].filter(([key]) => !after.has(key))
  const changed = [...after].filter(([key, value]) => before.get(key) !== value)
  return [
    ...gone.map(([key, value]) => `${key}=${value} is gone`),
    ...changed.map(([key, value]) => `${key} is ${value}, and was ${before.get(key) ?? 'not set'}`),
  ]
}
