import type { ClusterReader } from '../../../../ports/cluster-reader.js'

const KEY = 'replica.fetch.max.bytes'
/** Kafka's own, used where brokers do not say. */
export const DEFAULT_FETCH_BYTES = 1_048_576

/**
 * How much of a partition a follower asks for at a time: the most that any of these brokers has configured, in bytes. Throws
 * what the reader throws.
 */
export async function readFetchBytes(
  reader: Pick<ClusterReader, 'readConfigs'>,
  brokers: readonly number[],
): Promise<number> {
  if (brokers.length === 0) return DEFAULT_FETCH_BYTES
  const resources = brokers.map((id) => ({ type: 'broker', name: String(id) }) as const)
  const configs = await reader.readConfigs(resources, [KEY])
  const sizes = configs.flatMap(({ values }) =>
    values.filter(({ name }) => name === KEY).map(({ value }) => Number(value)),
  )
  const known = sizes.filter((size) => Number.isFinite(size) && size > 0)
  return known.length === 0 ? DEFAULT_FETCH_BYTES : Math.max(...known)
}
