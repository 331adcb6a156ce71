import { Buffer } from 'node:buffer'
import { createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'

import { ProtocolReader } from '../../../../../src/lib/adapters/kafka/protocol/protocol-reader.js'
import { ProtocolWriter } from '../../../../../src/lib/adapters/kafka/protocol/protocol-writer.js'

/** Something that listens where a broker should; close it afterwards. */
export interface Listener {
  readonly port: number
  close(): void
  /** Takes connections and requests from now on, and answers none, as a stopped process does. */
  hang(): void
}

/** Listens on a free port of loopback and hands each connection to `onConnection`. */
export async function listen(onConnection: (socket: Socket) => void): Promise<Listener> {
  const sockets: Socket[] = []
  let hangs = false
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    if (!hangs) onConnection(socket)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
    hang: () => {
      hangs = true
      for (const socket of sockets) socket.removeAllListeners('data')
    },
  }
}

/** How a broker that does not know the password tries to pass for the real one. */
export interface ScramLie {
  readonly iterations: number
  readonly nonce: (clientNonce: string) => string
}

const API = { versions: 18, handshake: 17, authenticate: 36 }
const OFFERED = [
  [3, 0, 12],
  [API.handshake, 0, 1],
  [API.versions, 0, 3],
  [API.authenticate, 0, 1],
] as const

/** A broker that goes through SCRAM-SHA-512 without knowing the password: its last signature is always wrong. */
export function listenAsImpostor(lie: ScramLie): Promise<Listener> {
  return listenForLogins('SCRAM-SHA-512', (message) => scramAnswer(message, lie))
}

/** A broker that offers one mechanism, and answers each message of a login with what `reply` makes of it. */
export function listenForLogins(
  mechanism: string,
  reply: (message: string) => string,
): Promise<Listener> {
  return listenForFrames((socket, frame) => {
    answer(socket, frame, { mechanism, reply })
  })
}

/** A broker that knows of itself only, as one does that has just come back to its cluster. */
export async function listenAsLoneBroker(): Promise<Listener> {
  const ports: number[] = []
  const lone = await listenAsMember(ports)
  ports.push(lone.port)
  return lone
}

/** Two brokers of a cluster; the first says who belongs to it, and then nothing more. */
export async function listenAsSilentAndTalking(): Promise<readonly [Listener, Listener]> {
  const ports: number[] = []
  const silent = await listenAsMember(ports, 1)
  const talking = await listenAsMember(ports)
  ports.push(silent.port, talking.port)
  return [silent, talking]
}

/** A broker that names those at `ports`, from 7 on, as often as `answers` says. What is in `ports` may change meanwhile. */
export function listenAsMember(
  ports: readonly number[],
  answers = Number.POSITIVE_INFINITY,
  clusterId = 'a-cluster',
): Promise<Listener> {
  let left = answers
  return listenForFrames((socket, frame) => {
    const reader = new ProtocolReader(frame, false)
    const apiKey = reader.int16()
    reader.int16()
    const correlationId = reader.int32()
    const body = new ProtocolWriter(true).int32(correlationId)
    if (apiKey === API.versions) offerVersions(body.int16(0))
    else if (left-- > 0) nameBrokers(body, ports, clusterId)
    else return
    send(socket, body)
  })
}

/** A request that came in: which API, and when. */
export interface Asked {
  readonly apiKey: number
  readonly atMs: number
}

/** APIs that a broker passes on in KRaft: it offers them, and its controller never answers. */
const PASSED_ON = [
  [46, 0, 0],
  [55, 0, 1],
] as const

/**
 * A broker of a KRaft cluster, whose controller is silent. Like a real one it takes the requests of a connection one by one.
 * `asked` gets everything that comes in; an answer of Metadata takes `thinksMs`.
 */
export function listenAsKraftMember(
  ports: readonly number[],
  asked: Asked[],
  thinksMs = 0,
): Promise<Listener> {
  const waiting = new WeakSet<Socket>()
  return listenForFrames((socket, frame) => {
    const reader = new ProtocolReader(frame, false)
    const apiKey = reader.int16()
    reader.int16()
    const correlationId = reader.int32()
    asked.push({ apiKey, atMs: performance.now() })
    if (PASSED_ON.some(([key]) => key === apiKey)) waiting.add(socket)
    if (waiting.has(socket)) return
    const body = new ProtocolWriter(true).int32(correlationId)
    const isMetadata = apiKey !== API.versions
    if (isMetadata) nameBrokers(body, ports, 'a-cluster')
    else offerVersions(body.int16(0), [...OFFERED, ...PASSED_ON])
    setTimeout(() => send(socket, body), isMetadata ? thinksMs : 0)
  })
}

function nameBrokers(body: ProtocolWriter, ports: readonly number[], clusterId: string): void {
  body.tags().int32(0)
  body.array([...ports.entries()], ([index, port]) =>
    body
      .int32(7 + index)
      .string('127.0.0.1')
      .int32(port)
      .nullableString(null)
      .tags(),
  )
  body.string(clusterId).int32(7)
  body.array([], () => body).tags()
}

function listenForFrames(onFrame: (socket: Socket, frame: Buffer) => void): Promise<Listener> {
  return listen((socket) => {
    let buffered = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      buffered = Buffer.concat([buffered, chunk])
      while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
        const length = buffered.readInt32BE(0)
        onFrame(socket, buffered.subarray(4, 4 + length))
        buffered = buffered.subarray(4 + length)
      }
    })
  })
}

interface LoginScript {
  readonly mechanism: string
  readonly reply: (message: string) => string
}

function answer(socket: Socket, frame: Buffer, { mechanism, reply }: LoginScript): void {
  const reader = new ProtocolReader(frame, false)
  const apiKey = reader.int16()
  if (!Object.values(API).includes(apiKey)) return
  reader.int16()
  const correlationId = reader.int32()
  reader.nullableString()
  const body = new ProtocolWriter(apiKey === API.versions).int32(correlationId).int16(0)
  if (apiKey === API.versions) {
    offerVersions(body)
  } else if (apiKey === API.handshake) {
    body.array([mechanism], (name) => body.string(name))
  } else {
    const message = Buffer.from(reader.nullableBytes() ?? []).toString()
    body
      .nullableString(null)
      .nullableBytes(Buffer.from(reply(message)))
      .int64(0)
  }
  send(socket, body)
}

function offerVersions(
  body: ProtocolWriter,
  offered: readonly (readonly [number, number, number])[] = OFFERED,
): void {
  body
    .array(offered, ([key, min, max]) => body.int16(key).int16(min).int16(max).tags())
    .int32(0)
    .tags()
}

function send(socket: Socket, body: ProtocolWriter): void {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.bytes().length)
  socket.write(Buffer.concat([length, body.bytes()]))
}

function scramAnswer(message: string, lie: ScramLie): string {
  const clientNonce = /^n,,n=[^,]*,r=(.+)$/.exec(message)?.[1]
  const salt = randomBytes(16)
  if (clientNonce !== undefined) {
    return `r=${lie.nonce(clientNonce)},s=${salt.toString('base64')},i=${lie.iterations}`
  }
  const guessed = pbkdf2Sync('a guess', salt, 4096, 64, 'sha512')
  return `v=${createHmac('sha512', guessed).update(message).digest('base64')}`
}
