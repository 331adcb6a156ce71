import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectTo } from './connect.js'
import { fetchMetadata } from './metadata.js'
import type { BrokerLayout, LabLayout } from './options.js'

/**
 * Waits until each of the given brokers answers and knows all of them as registered. Gives up early
 * when one of their processes is gone.
 */
export async function waitRegistered(
  lab: LabLayout,
  brokers: readonly BrokerLayout[],
  options: { timeoutMs: number; stillAlive: (broker: BrokerLayout) => boolean },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs
  const expected = brokers.map((broker) => broker.id)
  await Promise.all(
    brokers.map(async (broker) => {
      while (!(await knows(lab, broker, expected))) {
        if (!options.stillAlive(broker))
          throw new Error(`broker ${broker.id} ended while starting: ${lastWords(broker)}`)
        if (Date.now() > deadline)
          throw new Error(
            `broker ${broker.id} was not registered after ${options.timeoutMs} ms: ${lastWords(broker)}`,
          )
        await sleep(200)
      }
    }),
  )
}

/** What the log of a broker complains about; a lab that fails to start takes its logs with it. */
function lastWords(broker: BrokerLayout): string {
  const lines = readFileSync(`${broker.dir}/server.log`, 'utf8').split('\n')
  const complaints = lines.filter((line) => /ERROR|FATAL|Exception|^Error/.test(line))
  return complaints.slice(-3).join(' | ') || 'its log holds no error'
}

async function knows(
  lab: LabLayout,
  broker: BrokerLayout,
  expected: readonly number[],
): Promise<boolean> {
  try {
    const wire = await connectTo(lab, broker)
    try {
      const { brokers, controllerId } = await fetchMetadata(wire, [])
      const ids = brokers.map((known) => known.id)
      return controllerId >= 0 && expected.every((id) => ids.includes(id))
    } finally {
      wire.close()
    }
  } catch {
    return false
  }
}

/** True when something accepts connections on the port (of 127.0.0.1 unless said otherwise). */
export function isListening(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    const end = (answer: boolean) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', end(true))
    socket.once('error', end(false))
    socket.setTimeout(2_000, end(true))
  })
}

/** Waits until something listens on the port. */
export async function waitListening(
  port: number,
  timeoutMs: number,
  host = '127.0.0.1',
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await isListening(port, host))) {
    if (Date.now() > deadline) throw new Error(`nothing listens on port ${port}`)
    await sleep(50)
  }
}
