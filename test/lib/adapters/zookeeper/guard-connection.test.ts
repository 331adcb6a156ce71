import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openZooKeeper } from '../../../../src/lib/adapters/zookeeper/open-zookeeper.js'

const SASL_REQUIRED = -124

describe('answers that the client library does not know', () => {
  let server: Server | undefined

  afterEach(() => server?.close())

  /** Speaks just enough of the protocol to log in and then to answer every request with one error number. */
  async function serverAnswering(error: number): Promise<string> {
    server = createServer((socket) => {
      let isConnected = false
      socket.on('data', (data) => {
        if (!isConnected) {
          isConnected = true
          socket.write(connectResponse())
          return
        }
        for (let at = 0; at < data.length; at += 4 + data.readInt32BE(at))
          socket.write(errorReply(data.readInt32BE(at + 4), error))
      })
      socket.on('error', () => undefined)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return `127.0.0.1:${port}`
  }

  it('become a sentence about SASL where the server asks for that, and no crash', async () => {
    const connectString = await serverAnswering(SASL_REQUIRED)
    const reader = openZooKeeper({
      connectString,
      sessionTimeoutMs: 6_000,
      operationTimeoutMs: 2_000,
    })
    await expect(reader.readCluster()).rejects.toMatchObject({
      code: 'ZOOKEEPER_SASL_UNSUPPORTED',
      exit: 'notAuthorised',
    })
    await reader.close()
  })

  it('become an error that names the server where nothing else is known about them', async () => {
    const connectString = await serverAnswering(-4_711)
    const reader = openZooKeeper({
      connectString,
      sessionTimeoutMs: 6_000,
      operationTimeoutMs: 2_000,
    })
    await expect(reader.readCluster()).rejects.toMatchObject({
      code: 'ZOOKEEPER_UNREACHABLE',
      message: expect.stringContaining(connectString) as string,
    })
    await reader.close()
  })
})

/** Protocol version, time-out, session id, a password of 16 bytes. */
function connectResponse(): Buffer {
  const body = Buffer.alloc(4 + 4 + 8 + 4 + 16)
  body.writeInt32BE(6_000, 4)
  body.writeInt32BE(16, 16)
  return framed(body)
}

/** xid, zxid, error. */
function errorReply(xid: number, error: number): Buffer {
  const body = Buffer.alloc(16)
  body.writeInt32BE(xid, 0)
  body.writeInt32BE(error, 12)
  return framed(body)
}

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length)
  return Buffer.concat([length, body])
}
