import { connectTo } from '../connect.js'
import { fetchMetadata, type PartitionState } from '../metadata.js'
import type { LabLayout } from '../options.js'
import type { Wire } from '../wire.js'

const REFRESH_AT_MOST_EVERY_MS = 250

/** Who leads what, as far as known, and connections to the brokers; shared by nobody. */
export class ClusterView {
  readonly #lab: LabLayout
  readonly #topics: readonly string[]
  readonly #wires = new Map<number, Wire>()
  #partitions: readonly PartitionState[] = []
  #refreshedMs = 0
  #refreshing: Promise<void> | undefined

  constructor(lab: LabLayout, topics: readonly string[]) {
    this.#lab = lab
    this.#topics = topics
  }

  get brokerIds(): readonly number[] {
    return this.#lab.brokers.map((broker) => broker.id)
  }

  partitionsOf(topic: string): readonly PartitionState[] {
    return this.#partitions.filter((state) => state.topic === topic && state.partition >= 0)
  }

  leaderOf(topic: string, partition: number): number {
    const found = this.#partitions.find(
      (state) => state.topic === topic && state.partition === partition,
    )
    return found?.leader ?? -1
  }

  /** The connection to a broker; opened when there is none. */
  async wire(brokerId: number): Promise<Wire> {
    const known = this.#wires.get(brokerId)
    if (known !== undefined && !known.closed) return known
    const broker = this.#lab.brokers.find((candidate) => candidate.id === brokerId)
    if (broker === undefined) throw new Error(`no broker ${brokerId}`)
    const wire = await connectTo(this.#lab, broker)
    this.#wires.set(brokerId, wire)
    return wire
  }

  /** Closes a connection whose state is unknown. */
  drop(brokerId: number): void {
    this.#wires.get(brokerId)?.close()
    this.#wires.delete(brokerId)
  }

  /** Asks the brokers in turn until one answers; calls close together share one request. */
  async refresh(): Promise<void> {
    if (Date.now() - this.#refreshedMs < REFRESH_AT_MOST_EVERY_MS) return
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined
      this.#refreshedMs = Date.now()
    })
    await this.#refreshing
  }

  close(): void {
    for (const id of this.#wires.keys()) this.drop(id)
  }

  async #ask(): Promise<void> {
    for (const id of this.brokerIds) {
      try {
        this.#partitions = (await fetchMetadata(await this.wire(id), this.#topics)).partitions
        return
      } catch {
        this.drop(id)
      }
    }
  }
}
