import type { BrokerLayout, LabLayout } from './options.js'
import { openSecureSocket } from './security/secure-socket.js'
import { openSocket, Wire } from './wire.js'

/** A connection of the lab's own to one of its brokers, as the super user where secured. */
export async function connectTo(
  lab: LabLayout,
  { host, port }: Pick<BrokerLayout, 'host' | 'port'>,
  timeoutMs = 2_000,
): Promise<Wire> {
  const endpoint = { host, port }
  if (lab.secured) return openSecureSocket(lab.dir, endpoint, timeoutMs)
  return new Wire(await openSocket(endpoint, timeoutMs))
}
