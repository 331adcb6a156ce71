import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../lab/index.js'
import { makeTemplate, stamp } from '../../lab/load/record-batch.js'
import { createTopic } from '../../lab/topics.js'
import { type Wire, Writer } from '../../lab/wire.js'

const PRODUCE = { key: 0, version: 3, name: 'Produce' }
const TOPIC = 'clients'
const ACK_TIMEOUT_MS = 30_000
const BROKERS = [1, 2, 3, 4]
/** Producers of each leader. */
const PRODUCERS = 4
/** Leader and follower of each partition, every pair once: what is produced to it goes over both their links. */
const LISTS = BROKERS.flatMap((leader) =>
  BROKERS.filter((id) => id !== leader).map((follower) => [leader, follower] as const),
)

/** Sizes of requests and how often each comes; up to Kafka's default limit. */
export const REQUESTS = {
  small: [
    { share: 0.6, bytes: 8_000 },
    { share: 0.3, bytes: 32_000 },
    { share: 0.1, bytes: 128_000 },
  ],
  full: [
    { share: 0.5, bytes: 64_000 },
    { share: 0.3, bytes: 256_000 },
    { share: 0.2, bytes: 1_000_000 },
  ],
} as const

/** Name of a mix of request sizes. */
export type RequestMix = keyof typeof REQUESTS

/** Time from when a request was due until it was acknowledged by all replicas. */
interface Acked {
  readonly atMs: number
  readonly latencyMs: number
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function drawFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Producers (acks=all) whose requests come as those of many clients do: independent of each other, of several sizes, and
 * whether or not earlier ones were answered. What waits on a full link is late, and counts as late.
 */
export class ClientLoad {
  readonly #lab: Lab
  readonly #batches: readonly { readonly share: number; readonly bytes: Buffer }[]
  readonly #gapMs: number
  readonly #acked: Acked[] = []
  #running = true
  #work: Promise<unknown> = Promise.resolve()

  /** `bytesPerSec` for each broker, as leader; each batch has one follower. */
  constructor(lab: Lab, bytesPerSec: number, mix: RequestMix) {
    this.#lab = lab
    this.#batches = REQUESTS[mix].map(({ share, bytes }) => {
      const shape = { valueBytes: 1_000, keys: 0, compression: 'none' } as const
      const template = makeTemplate(shape, Math.min(bytes, 1_000_000))
      stamp(template, Date.now())
      return { share, bytes: template.bytes }
    })
    const mean = this.#batches.reduce((sum, { share, bytes }) => sum + share * bytes.length, 0)
    this.#gapMs = (mean * PRODUCERS * 1000) / bytesPerSec
  }

  async start(): Promise<void> {
    await createTopic(this.#lab, TOPIC, LISTS, { 'retention.bytes': '50000000' })
    const producers = BROKERS.flatMap((leader) => {
      const led = [...LISTS.keys()].filter((partition) => LISTS[partition]?.[0] === leader)
      return Array.from({ length: PRODUCERS }, (_, index) =>
        this.#produce(leader, led, drawFrom(100 * leader + index)),
      )
    })
    this.#work = Promise.all(producers)
  }

  async stop(): Promise<void> {
    this.#running = false
    await this.#work
  }

  /** Latency that this share of the requests due in the window stayed below, in milliseconds. */
  quantile(share: number, fromMs: number, toMs: number): number {
    const latencies = this.#acked
      .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      .map(({ latencyMs }) => latencyMs)
      .sort((a, b) => a - b)
    return Math.round(latencies[Math.floor(latencies.length * share)] ?? Number.NaN)
  }

  async #produce(leader: number, led: readonly number[], draw: () => number): Promise<void> {
    const wire = await this.#lab.connect(leader)
    const open = new Set<Promise<void>>()
    for (let dueMs = Date.now(); this.#running; dueMs -= Math.log(1 - draw()) * this.#gapMs) {
      await sleep(Math.max(0, dueMs - Date.now()))
      const partition = led[Math.floor(draw() * led.length)] ?? 0
      const sending = this.#send(wire, partition, this.#pick(draw()), dueMs)
      open.add(sending)
      void sending.finally(() => open.delete(sending))
    }
    await Promise.all(open)
    wire.close()
  }

  #pick(number: number): Buffer {
    let below = 0
    const found = this.#batches.find(({ share }) => number < (below += share))
    return (found ?? this.#batches[0])?.bytes ?? Buffer.alloc(0)
  }

  async #send(wire: Wire, partition: number, batch: Buffer, dueMs: number): Promise<void> {
    const body = new Writer().string(null).int16(-1).int32(ACK_TIMEOUT_MS)
    body.array([TOPIC], (topic) =>
      body.string(topic).array([partition], (id) => body.int32(id).bytes(batch)),
    )
    await wire.request(PRODUCE, body.result(), ACK_TIMEOUT_MS).catch(() => undefined)
    this.#acked.push({ atMs: dueMs, latencyMs: Date.now() - dueMs })
  }
}
