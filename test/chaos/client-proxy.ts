import { connect, createServer, type Server, type Socket } from 'node:net'

import { frames } from '../live/frame-proxy.js'

/** A request on its way to a broker, as far as its header tells. */
export interface SeenRequest {
  readonly brokerId: number
  readonly apiKey: number
  readonly version: number
}

/** What happens to the frames of klinic; everybody else's pass as they are. A scenario sets what it needs. */
export interface ProxyRules {
  /** `hold`: the request never reaches the broker, and no answer comes. */
  request?: (seen: SeenRequest) => 'pass' | 'hold'
  /** `lose`: the connection is cut in place of the answer. `hold`: the answer never comes. */
  answer?: (seen: SeenRequest) => 'pass' | 'lose' | 'hold'
  /** Changes an answer, its four bytes of length included. */
  rewrite?: (seen: SeenRequest, frame: Buffer) => Buffer
  /** The link between klinic and all brokers, each way. */
  bytesPerSec?: number
}

/** Proxies in front of all brokers of a cluster. */
export interface ClientProxies {
  readonly rules: ProxyRules
  /** Takes all rules back. */
  reset(): void
  close(): Promise<void>
}

const CLIENT = Buffer.from('klinic')

/** Whether a request frame is of the klinic under test, by the client id in its header. */
function isKlinic(frame: Buffer): boolean {
  const length = frame.readInt16BE(12)
  return length === CLIENT.length && frame.subarray(14, 14 + length).equals(CLIENT)
}

/** Sends chunks in order, as late as a slow link would. */
class Link {
  #freeAtMs = 0

  send(bytes: Buffer, rate: number | undefined, deliver: () => void): void {
    if (rate === undefined) {
      deliver()
      return
    }
    const now = performance.now()
    this.#freeAtMs = Math.max(now, this.#freeAtMs) + (bytes.length / rate) * 1000
    setTimeout(deliver, this.#freeAtMs - now)
  }
}

interface Route {
  readonly brokerId: number
  readonly targetPort: number
  readonly rules: ProxyRules
  readonly up: Link
  readonly down: Link
}

function relay(client: Socket, { brokerId, targetPort, rules, up, down }: Route): void {
  const broker = connect(targetPort, '127.0.0.1')
  const end = (): void => {
    client.destroy()
    broker.destroy()
  }
  for (const socket of [client, broker]) socket.setNoDelay(true).on('error', end).on('close', end)
  const asked = new Map<number, SeenRequest>()
  const onRequest = (frame: Buffer): void => {
    const seen = { brokerId, apiKey: frame.readInt16BE(4), version: frame.readInt16BE(6) }
    if (rules.request?.(seen) === 'hold') return
    asked.set(frame.readInt32BE(8), seen)
    up.send(frame, rules.bytesPerSec, () => broker.write(frame))
  }
  const onAnswer = (frame: Buffer): void => {
    const seen = asked.get(frame.readInt32BE(4))
    if (seen === undefined) return
    asked.delete(frame.readInt32BE(4))
    const fate = rules.answer?.(seen) ?? 'pass'
    if (fate === 'lose') end()
    if (fate !== 'pass') return
    const changed = rules.rewrite?.(seen, frame) ?? frame
    down.send(changed, rules.bytesPerSec, () => client.write(changed))
  }
  client.once('data', (first: Buffer) => {
    if (!isKlinic(first)) {
      broker.write(first)
      client.pipe(broker)
      broker.pipe(client)
      return
    }
    const take = frames(onRequest)
    take(first)
    client.on('data', take)
    broker.on('data', frames(onAnswer))
  })
}

/** Listens in front of brokers: `ports` says for each broker id where clients connect, and where the broker is. */
export async function startClientProxies(
  ports: ReadonlyMap<number, { readonly port: number; readonly targetPort: number }>,
): Promise<ClientProxies> {
  const rules: ProxyRules = {}
  const sockets = new Set<Socket>()
  const [up, down] = [new Link(), new Link()]
  const listen = (brokerId: number, port: number, targetPort: number): Promise<Server> => {
    const server = createServer((client) => {
      sockets.add(client)
      client.on('close', () => sockets.delete(client))
      relay(client, { brokerId, targetPort, rules, up, down })
    })
    return new Promise((resolve, reject) => {
      server.on('error', reject)
      server.listen(port, '127.0.0.1', () => resolve(server))
    })
  }
  const servers = await Promise.all(
    [...ports].map(([id, { port, targetPort }]) => listen(id, port, targetPort)),
  )
  return {
    rules,
    reset: () => {
      delete rules.request
      delete rules.answer
      delete rules.rewrite
      delete rules.bytesPerSec
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}
