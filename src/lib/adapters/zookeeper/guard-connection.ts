import type { Client } from 'node-zookeeper-client'
import type { OperatorError } from '../../errors/operator-error.js'
import { saslRequired, unreachable, ZK } from './zookeeper-errors.js'

/** The library's own number for "closing: do not connect again". */
const CLOSING = -1

/**
 * Makes the library report what it swallows: a server that refuses the connection (it would try for ever), and answers
 * that make it throw inside its socket handler (error numbers younger than itself, such as "SASL required").
 */
export function guardConnection(
  client: Client,
  servers: readonly string[],
  onBroken: (error: OperatorError) => void,
): void {
  const manager = client.connectionManager
  const readData = manager.onSocketData.bind(manager)
  const noteError = manager.onSocketError.bind(manager)
  let failures = 0
  manager.onSocketData = (buffer) => {
    try {
      readData(buffer)
    } catch (error) {
      onBroken(explain(error, servers))
    }
  }
  manager.onSocketError = (error) => {
    noteError(error)
    failures += 1
    // Each server twice: one that is restarting may be back by then.
    if (failures >= 2 * servers.length) onBroken(unreachable(servers, error.message, error))
  }
}

/** Ends a connection for good, also one that the library opens in its back-off just after. */
export function endConnection(client: Client, spinDelayMs: number): void {
  const manager = client.connectionManager
  const end = (): void => {
    manager.state = CLOSING
    if (manager.connectTimeoutHandler !== null) clearTimeout(manager.connectTimeoutHandler)
    manager.socket?.destroy()
  }
  end()
  setTimeout(end, 2 * spinDelayMs)
}

function explain(error: unknown, servers: readonly string[]): OperatorError {
  const message = error instanceof Error ? error.message : String(error)
  if (message.includes(String(ZK.saslRequired))) return saslRequired(servers)
  return unreachable(servers, `it answered something that cannot be read (${message})`, error)
}
