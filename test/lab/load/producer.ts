import { setTimeout as sleep } from 'node:timers/promises'
import { Writer } from '../wire.js'
import type { ClusterView } from './cluster-view.js'
import { listOffsets } from './fetch.js'
import { type BatchTemplate, makeTemplate, stamp } from './record-batch.js'
import { Series } from './series.js'
import type { PartitionTruth, ProduceSpec, Window } from './spec.js'

const PRODUCE = { key: 0, version: 3, name: 'Produce' }
const TICK_MS = 50
const ACK_TIMEOUT_MS = 15_000
/** After a stall the producer does not make up for more than this. */
const MAX_DEBT_SEC = 2

interface Lane {
  readonly spec: ProduceSpec
  readonly partition: number
  readonly bytesPerSec: number
  readonly templates: readonly BatchTemplate[]
  readonly sent: Series
  turn: number
  owedBytes: number
  errors: number
  /** A lane is in one request at a time, also when its leader changes under it. */
  busy: boolean
  /** Offset that the next append gets if nothing was appended that we have not heard of. */
  nextOffset: number | undefined
}

/** Produces to all partitions of all topics with acks=all, one request in flight for each leader. */
export class Producer {
  readonly #view: ClusterView
  readonly #lanes: readonly Lane[]
  readonly #startMs = Date.now()
  readonly #inFlight = new Map<number, Promise<void>>()
  #running = true

  constructor(view: ClusterView, specs: readonly ProduceSpec[]) {
    this.#view = view
    this.#lanes = specs.flatMap(lanesOf)
  }

  /** Runs until {@link stop}. */
  async run(): Promise<void> {
    let lastMs = Date.now()
    while (this.#running) {
      const nowMs = Date.now()
      for (const lane of this.#lanes) this.#owe(lane, nowMs, (nowMs - lastMs) / 1000)
      lastMs = nowMs
      this.#sendDue()
      await sleep(TICK_MS)
    }
    await Promise.all(this.#inFlight.values())
    for (const lane of this.#lanes) await this.#settleAtEnd(lane)
  }

  stop(): void {
    this.#running = false
  }

  truth(window: Window): PartitionTruth[] {
    return this.#lanes.map((lane) => ({
      topic: lane.spec.topic,
      partition: lane.partition,
      ...lane.sent.sum(window),
      errors: lane.errors,
    }))
  }

  #owe(lane: Lane, nowMs: number, seconds: number): void {
    const { burst } = lane.spec
    const phase = burst ? ((nowMs - this.#startMs) / 1000) % burst.everySec : 0
    const factor = burst && phase < burst.lengthSec ? burst.factor : 1
    const most = lane.bytesPerSec * factor * MAX_DEBT_SEC + nextOf(lane).bytes.length
    lane.owedBytes = Math.min(most, lane.owedBytes + lane.bytesPerSec * factor * seconds)
  }

  #sendDue(): void {
    const byLeader = new Map<number, Lane[]>()
    for (const lane of this.#lanes) {
      if (lane.busy || lane.owedBytes < nextOf(lane).bytes.length) continue
      const leader = this.#view.leaderOf(lane.spec.topic, lane.partition)
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), lane])
    }
    for (const [leader, lanes] of byLeader) {
      if (this.#inFlight.has(leader)) continue
      for (const lane of lanes) lane.busy = true
      const sending = this.#send(leader, lanes).finally(() => {
        this.#inFlight.delete(leader)
        for (const lane of lanes) lane.busy = false
        if (this.#running) this.#sendDue()
      })
      this.#inFlight.set(leader, sending)
    }
  }

  /** The last batch of a lane has no successor whose offset could tell: ask where the log ends. */
  async #settleAtEnd(lane: Lane): Promise<void> {
    const { topic } = lane.spec
    try {
      await this.#view.refresh()
      const wire = await this.#view.wire(this.#view.leaderOf(topic, lane.partition))
      const ends = await listOffsets(wire, topic, [lane.partition], 'latest')
      countUpTo(lane, ends.get(lane.partition) ?? 0)
    } catch {
      lane.errors++
    }
  }

  async #send(leader: number, lanes: readonly Lane[]): Promise<void> {
    try {
      if (leader < 0) throw new Error('no leader')
      const wire = await this.#view.wire(leader)
      for (const lane of lanes) stamp(nextOf(lane), Date.now())
      const answer = await wire.request(PRODUCE, encode(lanes), ACK_TIMEOUT_MS + 5_000)
      const results = answer.array(() => {
        const topic = answer.string()
        return answer.array(() => {
          const result = { topic, partition: answer.int32(), error: answer.int16() }
          const offset = answer.int64()
          answer.int64()
          return { ...result, offset }
        })
      })
      const outcome = new Map(results.flat().map((one) => [`${one.topic}-${one.partition}`, one]))
      for (const lane of lanes)
        settle(lane, outcome.get(`${lane.spec.topic}-${lane.partition}`) ?? NO_ANSWER)
      if (results.flat().some((result) => result.error !== 0)) await this.#view.refresh()
    } catch {
      this.#view.drop(leader)
      for (const lane of lanes) lane.errors++
      await this.#view.refresh()
      await sleep(100)
    }
  }
}

const NO_ANSWER = { error: 7, offset: -1 }

function nextOf(lane: Lane): BatchTemplate {
  const template = lane.templates[lane.turn % lane.templates.length]
  if (template === undefined) throw new Error('a lane has at least one template')
  return template
}

/**
 * An error does not say that nothing was appended: the answer may have been lost, or the leader changed before
 * the followers had it. The offset of the next append tells, since nobody else produces to the partition: what
 * lies between was a copy of the same batch, which is sent until it is acknowledged.
 */
function settle(lane: Lane, result: { error: number; offset: number }): void {
  if (result.error !== 0) {
    lane.errors++
    return
  }
  const { bytes, records } = nextOf(lane)
  countUpTo(lane, result.offset)
  lane.sent.add(Date.now(), { bytes: bytes.length, records })
  lane.owedBytes -= bytes.length
  lane.nextOffset = result.offset + records
  lane.turn++
}

/** Counts copies of the current batch that were appended before the offset without our hearing of it. */
function countUpTo(lane: Lane, offset: number): void {
  const { bytes, records } = nextOf(lane)
  const copies = Math.round((offset - (lane.nextOffset ?? offset)) / records)
  if (copies > 0)
    lane.sent.add(Date.now(), { bytes: bytes.length * copies, records: records * copies })
}

function encode(lanes: readonly Lane[]): Buffer {
  const topics = [...new Set(lanes.map((lane) => lane.spec.topic))]
  const body = new Writer().string(null).int16(-1).int32(ACK_TIMEOUT_MS)
  body.array(topics, (topic) => {
    body.string(topic)
    const mine = lanes.filter((lane) => lane.spec.topic === topic)
    body.array(mine, (lane) => body.int32(lane.partition).bytes(nextOf(lane).bytes))
  })
  return body.result()
}

/** A batch holds about 50 ms of traffic, but not so little or so much that its size gets strange. */
function targetBytes(bytesPerSec: number): number {
  return Math.min(Math.max(bytesPerSec * 0.05, 4_096), bytesPerSec * 2, 131_072)
}

function lanesOf(spec: ProduceSpec): Lane[] {
  const sizes = typeof spec.recordBytes === 'number' ? [spec.recordBytes] : spec.recordBytes
  return [...spec.bytesInPerSec.entries()]
    .filter(([, bytesPerSec]) => bytesPerSec > 0)
    .map(([partition, bytesPerSec]) => ({
      spec,
      partition,
      bytesPerSec,
      templates: (sizes ?? [1_000]).map((valueBytes) =>
        makeTemplate(
          { valueBytes, keys: spec.keys ?? 0, compression: spec.compression ?? 'none' },
          targetBytes(bytesPerSec),
        ),
      ),
      sent: new Series(),
      turn: 0,
      owedBytes: 0,
      errors: 0,
      busy: false,
      nextOffset: undefined,
    }))
}
