import type { ClusterReader } from '../../ports/cluster-reader.js'

const KEY = 'min.insync.replicas'

/** Effective `min.insync.replicas` by topic; a topic whose configs cannot be read is missing, which is not 1. */
export async function readMinIsr(
  reader: Pick<ClusterReader, 'readConfigs'>,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (topics.length === 0) return new Map()
  const resources = topics.map((name) => ({ type: 'topic', name }) as const)
  const answers = await reader.readConfigs(resources, [KEY])
  return new Map(
    answers.flatMap(({ resource, error, values }) => {
      const value = values.find(({ name }) => name === KEY)?.value ?? null
      return error !== undefined || value === null ? [] : [[resource.name, Number(value)] as const]
    }),
  )
}
