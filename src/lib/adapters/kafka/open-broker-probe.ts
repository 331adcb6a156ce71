import { connect } from 'node:net'

import { OperatorError } from '../../errors/operator-error.js'
import type { PortState } from '../../model/evidence.js'
import type { BrokerProbe, ProbeTarget } from '../../ports/broker-probe.js'
import type { KafkaConnection } from '../../ports/connection.js'
import { formatAddress } from './pool/broker-address.js'
import { BrokerRequestError } from './pool/broker-request-error.js'
import { openKafkaPool } from './pool/kafka-pool.js'

/** A broker that is well answers a first request in a fraction of this. */
const ASK_WITHIN_MS = 2_500

/** Opens a probe with the operator's own TLS and SASL settings; connects to nothing yet. */
export function openBrokerProbe(connection: KafkaConnection): BrokerProbe {
  return {
    connect: (target) => connectTo(target, connection.connectTimeoutMs),
    ask: (target) => ask(target, connection),
  }
}

function connectTo({ host, port }: ProbeTarget, timeoutMs: number): Promise<PortState> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
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
