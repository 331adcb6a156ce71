import type { Memory } from '../health/memory/memory.js'
import type { BrokerEvidence } from '../model/evidence.js'
import type { Broker, Snapshot } from '../model/snapshot.js'
import type { BrokerProbe, ProbeTarget } from '../ports/broker-probe.js'

const addressOf = ({ host, port }: ProbeTarget): string => `${host}:${port}`

/** A broker that is gone has no address in Metadata: then the one that is remembered counts, and its rack. */
function withAddress(broker: Broker, memory: Memory): Broker {
  const known = memory.get(broker.id)
  if (broker.state !== 'dead' || known === undefined) return broker
  const { host, port, rack } = known
  const needsHost = broker.host === '' && host !== undefined && port !== undefined
  return {
    ...broker,
    ...(needsHost && { host, port }),
    ...(broker.rack === undefined && rack !== undefined && { rack }),
  }
}

async function look(target: ProbeTarget, probe: BrokerProbe): Promise<BrokerEvidence> {
  const seen = await probe.connect(target)
  return seen.port === 'open' ? { ...seen, api: await probe.ask(target) } : seen
}

async function gatherOne(
  broker: Broker,
  taken: ReadonlySet<string>,
  probe: BrokerProbe,
): Promise<Broker> {
  const { state, fenced, unreachable, evidence } = broker
  const registered = state !== 'dead' ? 'yes' : fenced === true ? 'fenced' : 'no'
  // It has answered for its log directories just now: a request of its own, through an open port.
  if (registered === 'yes' && unreachable === undefined)
    return { ...broker, evidence: { ...evidence, registered, port: 'open', api: 'answered' } }
  const silent = unreachable === undefined ? {} : { api: unreachable }
  const isKnown = broker.host !== '' && broker.port > 0
  // An address that a living broker has by now says nothing of this one.
  if (!isKnown || (registered !== 'yes' && taken.has(addressOf(broker))))
    return { ...broker, evidence: { ...evidence, registered, ...silent } }
  const seen = await look(broker, probe)
  return { ...broker, evidence: { ...evidence, registered, ...silent, ...seen } }
}

/**
 * The snapshot with what each broker's own address says of it. Brokers that answered while the cluster was read are not
 * asked again; the others are looked at all at once. Costs two deadlines of the probe at most.
 */
export async function gatherEvidence(
  snapshot: Snapshot,
  probe: BrokerProbe,
  memory: Memory,
): Promise<Snapshot> {
  const taken = new Set(
    snapshot.brokers.filter(({ state }) => state !== 'dead').map((broker) => addressOf(broker)),
  )
  const brokers = await Promise.all(
    snapshot.brokers.map((broker) => gatherOne(withAddress(broker, memory), taken, probe)),
  )
  return { ...snapshot, brokers }
}
