import { setTimeout as sleep } from 'node:timers/promises'

import { topicPartitionKey } from '../../src/lib/model/topic-partition.js'
import type { ClusterReader } from '../../src/lib/ports/cluster-reader.js'

const POLL_MS = 150

/** Watches the controller's list of reassignments all the time: how often each partition came into it, and towards what. */
export class ControllerWatch {
  readonly #reader: ClusterReader
  readonly #work: Promise<void>
  readonly #episodes = new Map<string, number>()
  readonly #targets = new Map<string, Set<string>>()
  #present: ReadonlySet<string> = new Set()
  #over = false
  polls = 0

  constructor(reader: ClusterReader) {
    this.#reader = reader
    this.#work = this.#watch()
  }

  /** Episodes and targets seen since the last call, by partition; nothing may be in flight. */
  sinceLastTime(): ReadonlyMap<
    string,
    { readonly episodes: number; readonly targets: readonly string[] }
  > {
    const seen = new Map(
      [...this.#episodes].map(([key, episodes]) => [
        key,
        { episodes, targets: [...(this.#targets.get(key) ?? [])] },
      ]),
    )
    this.#episodes.clear()
    this.#targets.clear()
    return seen
  }

  async stop(): Promise<void> {
    this.#over = true
    await this.#work
  }

  async #watch(): Promise<void> {
    while (!this.#over) {
      await this.#look().catch(() => undefined)
      await sleep(POLL_MS)
    }
  }

  async #look(): Promise<void> {
    const inFlight = await this.#reader.readReassignments()
    this.polls += 1
    const now = new Set<string>()
    for (const { topic, partition, replicas, removing, adding } of inFlight) {
      const key = topicPartitionKey(topic, partition)
      now.add(key)
      const target = replicas.filter((id) => !removing.includes(id) || adding.includes(id))
      this.#targets.set(key, (this.#targets.get(key) ?? new Set()).add(target.join()))
      if (!this.#present.has(key)) this.#episodes.set(key, (this.#episodes.get(key) ?? 0) + 1)
    }
    this.#present = now
  }
}
