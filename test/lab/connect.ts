import type { LabLayout } from './options.js'
import { openSecureSocket } from './security/secure-socket.js'
import { openSocket, Wire } from './wire.js'

/** A connection of the lab's own to one port of one of its brokers, as the super user where secured. */
export async function connectTo(lab: LabLayout, port: number, timeoutMs = 2_000): Promise<Wire> {
  const endpoint = { host: '127.0.0.1', port }
  if (lab.secured) return openSecureSocket(lab.dir, endpoint, timeoutMs)
  return new Wire(await openSocket(endpoint, timeoutMs))
}
