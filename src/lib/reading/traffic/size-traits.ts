import type { ClusterReader } from '../../ports/cluster-reader.js'

/** Topics whose logs lose bytes in the middle, and those of which we could not find out. */
export interface TopicTraits {
  readonly shrinking: ReadonlySet<string>
  readonly unknown: ReadonlySet<string>
}

const KEYS = ['cleanup.policy', 'remote.storage.enable']

/** Reads which of the topics are compacted or tiered. */
export async function readTopicTraits(
  reader: ClusterReader,
  topics: readonly string[],
): Promise<TopicTraits> {
  if (topics.length === 0) return { shrinking: new Set(), unknown: new Set() }
  const answers = await reader.readConfigs(
    topics.map((name) => ({ type: 'topic', name })),
    KEYS,
  )
  const shrinking = new Set<string>()
  const unknown = new Set(topics)
  for (const { resource, error, values } of answers) {
    if (error !== undefined) continue
    unknown.delete(resource.name)
    const valueOf = (name: string): string => values.find((v) => v.name === name)?.value ?? ''
    const compacted = valueOf('cleanup.policy').includes('compact')
    if (compacted || valueOf('remote.storage.enable') === 'true') shrinking.add(resource.name)
  }
  return { shrinking, unknown }
}
