import { connect as connectPlain, type Socket } from 'node:net'

/** Writes the primitive types of Kafka's protocol (versions before the compact encodings). */
export class Writer {
  readonly #chunks: Buffer[] = []

  raw(bytes: Buffer): this {
    this.#chunks.push(bytes)
    return this
  }
  int8(value: number): this {
    const buffer = Buffer.alloc(1)
    buffer.writeInt8(value)
    return this.raw(buffer)
  }
  int16(value: number): this {
    const buffer = Buffer.alloc(2)
    buffer.writeInt16BE(value)
    return this.raw(buffer)
  }
  int32(value: number): this {
    const buffer = Buffer.alloc(4)
    buffer.writeInt32BE(value)
    return this.raw(buffer)
  }
  int64(value: number): this {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64BE(BigInt(value))
    return this.raw(buffer)
  }
  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    const bytes = Buffer.from(value)
    return this.int16(bytes.length).raw(bytes)
  }
  bytes(value: Buffer): this {
    return this.int32(value.length).raw(value)
  }
  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length)
    for (const item of items) write(item)
    return this
  }
  result(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

/** Reads what {@link Writer} writes. */
export class Reader {
  #at = 0
  readonly #buffer: Buffer

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }
  int8(): number {
    return this.#buffer.readInt8(this.#skip(1))
  }
  int16(): number {
    return this.#buffer.readInt16BE(this.#skip(2))
  }
  int32(): number {
    return this.#buffer.readInt32BE(this.#skip(4))
  }
  int64(): number {
    return Number(this.#buffer.readBigInt64BE(this.#skip(8)))
  }
  string(): string | null {
    const length = this.int16()
    return length < 0 ? null : this.#buffer.toString('utf8', this.#skip(length), this.#at)
  }
  bytes(): Buffer {
    const length = Math.max(0, this.int32())
    const start = this.#skip(length)
    return this.#buffer.subarray(start, start + length)
  }
  array<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, () => read())
  }
  #skip(length: number): number {
    const start = this.#at
    this.#at += length
    if (this.#at > this.#buffer.length) throw new Error('answer of the broker is too short')
    return start
  }
}

/** Where and how to reach one broker. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

interface Waiting {
  readonly resolve: (answer: Reader) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/** One connection to a broker: requests in flight are matched to answers by correlation id. */
export class Wire {
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  #received: Buffer[] = []
  #receivedBytes = 0
  #nextId = 1

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#onData(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('connection closed')))
  }

  get closed(): boolean {
    return this.#socket.destroyed
  }

  close(): void {
    this.#socket.destroy()
  }

  request(
    api: { key: number; version: number; name: string },
    body: Buffer,
    timeoutMs = 5_000,
  ): Promise<Reader> {
    const id = this.#nextId++
    const header = new Writer().int16(api.key).int16(api.version).int32(id).string('klinic-lab')
    const head = header.result()
    const size = Buffer.alloc(4)
    size.writeInt32BE(head.length + body.length)
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new Error('connection closed'))
        return
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        reject(new Error(`${api.name}: no answer in ${timeoutMs} ms`))
      }, timeoutMs)
      this.#waiting.set(id, { resolve, reject, timer })
      this.#socket.write(Buffer.concat([size, head, body]))
    })
  }

  #onData(chunk: Buffer): void {
    this.#received.push(chunk)
    this.#receivedBytes += chunk.length
    while (this.#receivedBytes >= 4) {
      const first = this.#received[0]
      if (first === undefined) return
      const head = first.length >= 4 ? first : this.#joined()
      const size = head.readInt32BE(0)
      if (this.#receivedBytes < 4 + size) return
      const whole = this.#joined()
      const rest = whole.subarray(4 + size)
      this.#received = rest.length > 0 ? [rest] : []
      this.#receivedBytes = rest.length
      this.#answer(whole.subarray(4, 4 + size))
    }
  }

  #joined(): Buffer {
    const whole = this.#received.length === 1 ? this.#received[0] : undefined
    if (whole !== undefined) return whole
    const joined = Buffer.concat(this.#received)
    this.#received = [joined]
    return joined
  }

  #answer(frame: Buffer): void {
    const id = frame.readInt32BE(0)
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    clearTimeout(waiting.timer)
    waiting.resolve(new Reader(frame.subarray(4)))
  }

  #fail(error: Error): void {
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer)
      waiting.reject(error)
    }
    this.#waiting.clear()
    this.#socket.destroy()
  }
}

/** Opens a plaintext connection. */
export async function openSocket(endpoint: Endpoint, timeoutMs: number): Promise<Socket> {
  const socket = connectPlain({ host: endpoint.host, port: endpoint.port })
  await ready(socket, 'connect', timeoutMs)
  return socket
}

/** Waits for the event that says a socket is usable; closes it on error or after the deadline. */
export function ready(socket: Socket, event: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new Error(`no connection in ${timeoutMs} ms`)), timeoutMs)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    socket.once('error', fail)
    socket.once(event, () => {
      clearTimeout(timer)
      socket.off('error', fail)
      resolve()
    })
  })
}
