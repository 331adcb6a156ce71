import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { OperatorError } from '../../errors/operator-error.js'
import type { PortState } from '../../model/evidence.js'
import type { BrokerProbe, PortLook, ProbeTarget } from '../../ports/broker-probe.js'
import type { KafkaConnection } from '../../ports/connection.js'
import { formatAddress } from './pool/broker-address.js'
import { BrokerRequestError } from './pool/broker-request-error.js'
import { openKafkaPool } from './pool/kafka-pool.js'

/** A broker that is well answers a first request in a fraction of this. */
const ASK_WITHIN_MS = 2_500

/** Most hosts have somebody there, and one that has not refuses: either way its kernel answers. */
const SSH_PORT = 22
/** A port that will answer does so sooner; the host is asked in what is left of the deadline, so it costs no time. */
const SWALLOWED_AFTER_MS = 1_000

/** Opens a probe with the operator's own TLS and SASL settings; connects to nothing yet. */
export function openBrokerProbe(connection: KafkaConnection): BrokerProbe {
  return {
    connect: (target) => lookAt(target, connection.connectTimeoutMs),
    ask: (target) => ask(target, connection),
  }
}

async function lookAt(target: ProbeTarget, timeoutMs: number): Promise<PortLook> {
  const done = new AbortController()
  const own = connectTo(target, timeoutMs, done.signal)
  const afterMs = Math.min(SWALLOWED_AFTER_MS, timeoutMs / 2)
  const early = await Promise.race([own, sleep(afterMs, null, { ref: false })])
  if (early !== null) return { port: early }
  const { host } = target
  const beside = connectTo({ host, port: SSH_PORT }, timeoutMs - afterMs, done.signal)
  const port = await own
  if (port === 'timed-out') return { port, sshPort: await beside }
  done.abort()
  return { port }
}

function connectTo(
  { host, port }: ProbeTarget,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<PortState> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal })
    const end = (state: PortState): void => {
      socket.destroy()
      resolve(state)
    }
    socket.setTimeout(timeoutMs, () => end('timed-out'))
    socket.once('connect', () => end('open'))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(
        error.code === 'ECONNREFUSED'
          ? 'refused'
          : error.code === 'ETIMEDOUT'
            ? 'timed-out'
            : 'unreachable',
      ),
    )
  })
}

async function ask(target: ProbeTarget, connection: KafkaConnection): Promise<string> {
  const pool = openKafkaPool({
    ...connection,
    bootstrapServers: [formatAddress(target)],
    connectTimeoutMs: Math.min(connection.connectTimeoutMs, ASK_WITHIN_MS),
    requestTimeoutMs: Math.min(connection.requestTimeoutMs, ASK_WITHIN_MS),
  })
  try {
    await pool.cluster()
    return 'answered'
  } catch (error) {
    if (error instanceof BrokerRequestError) return error.code
    if (!(error instanceof OperatorError)) throw error
    // Whoever refuses a login or shows a certificate is at work.
    return error.exit === 'notAuthorised' ? 'answered' : 'TIMED_OUT'
  } finally {
    await pool.close()
  }
}
