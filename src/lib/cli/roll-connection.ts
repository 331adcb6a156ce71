import type { ConnectionFlags } from '../config/resolve-cluster.js'

/** Connection flags of the roll commands, where kafka_roller's `-c` may stand for a file or JSON of client settings. */
export type RollConnectionFlags = ConnectionFlags

const looksLikeConf = (text: string): boolean =>
  text.startsWith('{') || text.includes('/') || /\.(json|properties|conf)$/.test(text)

/**
 * kafka_roller's `-c FILE` or `-c JSON` is `--command-config` here; `-c` is `--cluster`. What cannot be the name of a
 * cluster is taken for the former, unless that was given too.
 */
export function asConnectionFlags<T extends RollConnectionFlags>(flags: T): T {
  const { cluster, 'command-config': config } = flags
  if (cluster === undefined || config !== undefined || !looksLikeConf(cluster)) return flags
  return { ...flags, cluster: undefined, 'command-config': cluster }
}
