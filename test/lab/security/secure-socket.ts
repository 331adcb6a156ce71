import type { LabLayout } from '../options.js'
import type { Endpoint, Wire } from '../wire.js'

/** TLS and SCRAM-SHA-512. */
export function openSecureSocket(
  _lab: LabLayout,
  _endpoint: Endpoint,
  _timeoutMs: number,
): Promise<Wire> {
  return Promise.reject(new Error('not yet'))
}
