import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../lab/index.js'
import { makeTemplate, stamp } from '../../lab/load/record-batch.js'
import { createTopic } from '../../lab/topics.js'
import { type Wire, Writer } from '../../lab/wire.js'

const PRODUCE = { key: 0, version: 3, name: 'Produce' }
const TOPIC = 'clients'
const TICK_MS = 40
const ACK_TIMEOUT_MS = 30_000

/** Time from when a request was due until it was acknowledged by all replicas. */
interface Acked {
  readonly atMs: number
  readonly latencyMs: number
}

/**
 * A producer (acks=all) for each of four brokers that sends on schedule, whether or not answers have come: what waits on a
 * full link is late, and counts as late.
 */
export class ClientLoad {
  readonly #lab: Lab
  readonly #batch: Buffer
  readonly #acked: Acked[] = []
  #running = true
  #work: Promise<unknown> = Promise.resolve()

  /** `bytesPerSec` for each broker, as leader; each batch has one follower. */
  constructor(lab: Lab, bytesPerSec: number) {
    this.#lab = lab
    const bytes = (bytesPerSec * TICK_MS) / 1000
    const template = makeTemplate({ valueBytes: 1_000, keys: 0, compression: 'none' }, bytes)
    stamp(template, Date.now())
    this.#batch = template.bytes
  }

  async start(): Promise<void> {
    const lists = [
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 1],
    ]
    await createTopic(this.#lab, TOPIC, lists, { 'retention.bytes': '20000000' })
    this.#work = Promise.all(lists.map((list, partition) => this.#produce(list[0] ?? 1, partition)))
  }

  async stop(): Promise<void> {
    this.#running = false
    await this.#work
  }

  /** Latency that 95 of 100 requests due in the window stayed below, in milliseconds. */
  p95(fromMs: number, toMs: number): number {
    const latencies = this.#acked
      .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      .map(({ latencyMs }) => latencyMs)
      .sort((a, b) => a - b)
    return latencies[Math.floor(latencies.length * 0.95)] ?? Number.NaN
  }

  async #produce(leader: number, partition: number): Promise<void> {
    const wire = await this.#lab.connect(leader)
    const open = new Set<Promise<void>>()
    for (let dueMs = Date.now(); this.#running; dueMs += TICK_MS) {
      await sleep(Math.max(0, dueMs - Date.now()))
      const sending = this.#send(wire, partition, dueMs).finally(() => open.delete(sending))
      open.add(sending)
    }
    await Promise.all(open)
    wire.close()
  }

  async #send(wire: Wire, partition: number, dueMs: number): Promise<void> {
    const body = new Writer().string(null).int16(-1).int32(ACK_TIMEOUT_MS)
    body.array([TOPIC], (topic) =>
      body.string(topic).array([partition], (id) => body.int32(id).bytes(this.#batch)),
    )
    await wire.request(PRODUCE, body.result(), ACK_TIMEOUT_MS).catch(() => undefined)
    this.#acked.push({ atMs: dueMs, latencyMs: Date.now() - dueMs })
  }
}
