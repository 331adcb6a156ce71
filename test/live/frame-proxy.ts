import { connect, createServer, type Socket } from 'node:net'

/** Decides, for each answer on its way to a client, whether it gets lost: the connection is then cut in its place. */
export type LoseAnswer = (apiKey: number) => boolean

/** A proxy in front of one broker. */
export interface FrameProxy {
  close(): Promise<void>
}

/** Cuts a stream into Kafka's frames: four bytes of length, then that many bytes. */
export function frames(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0)
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
      const end = 4 + pending.readInt32BE(0)
      onFrame(pending.subarray(0, end))
      pending = pending.subarray(end)
    }
  }
}

function relay(client: Socket, targetPort: number, loses: LoseAnswer): void {
  const broker = connect(targetPort, '127.0.0.1')
  const apiKeys = new Map<number, number>()
  const end = (): void => {
    client.destroy()
    broker.destroy()
  }
  client.on(
    'data',
    frames((frame) => {
      apiKeys.set(frame.readInt32BE(8), frame.readInt16BE(4))
      broker.write(frame)
    }),
  )
  broker.on(
    'data',
    frames((frame) => {
      if (loses(apiKeys.get(frame.readInt32BE(4)) ?? -1)) end()
      else client.write(frame)
    }),
  )
  for (const socket of [client, broker]) socket.on('error', end).on('close', end)
}

/** Listens on a port and passes frames to a broker and back; understands no more of them than their headers. */
export function startFrameProxy(
  port: number,
  targetPort: number,
  loses: LoseAnswer,
): Promise<FrameProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    sockets.add(client)
    client.on('close', () => sockets.delete(client))
    relay(client, targetPort, loses)
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resolve())
    })
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, '127.0.0.1', () => resolve({ close }))
  })
}
