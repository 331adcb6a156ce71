import { readFileSync } from 'node:fs'
import { connect as connectTls } from 'node:tls'
import { type Endpoint, ready, Wire, Writer } from '../wire.js'
import { SUPER_USER } from './credentials.js'
import { securityFiles } from './files.js'
import { scramLogin } from './scram.js'

const SASL_HANDSHAKE = { key: 17, version: 1, name: 'SaslHandshake' }
const SASL_AUTHENTICATE = { key: 36, version: 0, name: 'SaslAuthenticate' }

/** Opens TLS, verified against the lab's CA, and logs in as the super user. */
export async function openSecureSocket(
  labDir: string,
  endpoint: Endpoint,
  timeoutMs: number,
): Promise<Wire> {
  const ca = readFileSync(securityFiles(labDir).ca)
  const socket = connectTls({ host: endpoint.host, port: endpoint.port, ca })
  await ready(socket, 'secureConnect', timeoutMs)
  const wire = new Wire(socket)
  try {
    await wire.request(SASL_HANDSHAKE, new Writer().string('SCRAM-SHA-512').result(), timeoutMs)
    await scramLogin(SUPER_USER, async (message) => {
      const body = new Writer().bytes(message).result()
      const answer = await wire.request(SASL_AUTHENTICATE, body, timeoutMs)
      const error = answer.int16()
      const reason = answer.string()
      if (error !== 0) throw new Error(reason ?? `error ${error}`)
      return answer.bytes()
    })
    return wire
  } catch (error) {
    wire.close()
    throw error
  }
}
