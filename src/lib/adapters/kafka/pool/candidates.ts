import type { KnownCluster } from './bootstrap.js'
import { formatAddress } from './broker-address.js'
import type { LinkTarget } from './broker-links.js'

/**
 * Whom to ask, in this order: the server that answered first, then every broker, one of each rack in turn and by id within
 * it. A rack that is lost is then not what is asked first and last.
 */
export function candidates({ brokers, entry }: KnownCluster): readonly LinkTarget[] {
  const first = formatAddress(entry.address)
  const racks = new Map<string, number>()
  const ranked = [...brokers.values()]
    .toSorted((a, b) => a.nodeId - b.nodeId)
    .map((broker) => {
      const turn = racks.get(broker.rack ?? '') ?? 0
      racks.set(broker.rack ?? '', turn + 1)
      return { broker, turn }
    })
    .toSorted((a, b) => a.turn - b.turn || a.broker.nodeId - b.broker.nodeId)
  const others = ranked.filter(({ broker }) => formatAddress(broker) !== first)
  return [entry, ...others.map(({ broker }) => toTarget(broker))]
}

/** A broker under the address that it advertises. */
export function toTarget(broker: { nodeId: number; host: string; port: number }): LinkTarget {
  const address = { host: broker.host, port: broker.port }
  return { address, subject: `broker ${broker.nodeId} (${formatAddress(address)})` }
}
