import { connect as connectPlain, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'

import { ProtocolError } from '../protocol/protocol-error.js'
import type { BrokerAddress } from './broker-address.js'

/** No answer of Kafka comes near it: `socket.request.max.bytes` on the other side is the same by default. */
const MAX_FRAME_BYTES = 100 * 1024 * 1024
const LENGTH_BYTES = 4

/** Opens a socket to a broker; a frame of an impossible length destroys it before anything is buffered for it. */
export function openSocket(
  address: BrokerAddress,
  tls: ConnectionOptions | undefined,
  onConnect: () => void,
): Socket {
  const { host, port } = address
  const socket =
    tls === undefined
      ? connectPlain({ host, port }, onConnect)
      : connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...tls }, onConnect)
  socket.setNoDelay(true)
  guardFrames(socket)
  return socket
}

/** Follows the frames of the stream ahead of whoever reads them. */
export function guardFrames(socket: Socket): void {
  let wanted = 0
  let header = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    let at = 0
    while (at < chunk.length) {
      if (wanted === 0) {
        const part = chunk.subarray(at, at + LENGTH_BYTES - header.length)
        header = Buffer.concat([header, part])
        at += part.length
        if (header.length < LENGTH_BYTES) return
        wanted = header.readInt32BE(0)
        header = Buffer.alloc(0)
        if (wanted < LENGTH_BYTES || wanted > MAX_FRAME_BYTES) {
          socket.removeAllListeners('data')
          socket.destroy(new ProtocolError(`malformed answer: a frame of ${wanted} bytes`))
          return
        }
      }
      const taken = Math.min(wanted, chunk.length - at)
      wanted -= taken
      at += taken
    }
  })
}
