import type { ContextInput } from './read-context.js'

/** A cluster as the configuration file names it; nothing was connected. */
export interface ConfiguredCluster {
  readonly name: string
  readonly default: boolean
  readonly clusterId?: string
  readonly bootstrapServers: readonly string[]
  readonly zookeeper?: string
}

/** The clusters of the configuration file, sorted by name; empty where there is no file. */
export async function listClusters(input: ContextInput): Promise<readonly ConfiguredCluster[]> {
  const { describeCluster, loadConfigFile } = await import('../config/resolve-cluster.js')
  const file = await loadConfigFile({ ...input, env: process.env, cwd: process.cwd() })
  const names = Object.keys(file?.raw.clusters ?? {}).sort()
  return names.map((name) => {
    const { entry } = describeCluster(name, file, process.env)
    return {
      name,
      default: file?.raw.defaultCluster === name || names.length === 1,
      ...(entry.clusterId !== undefined && { clusterId: entry.clusterId }),
      bootstrapServers: entry.bootstrapServers ?? [],
      ...(entry.zookeeper !== undefined && { zookeeper: entry.zookeeper.connect }),
    }
  })
}
