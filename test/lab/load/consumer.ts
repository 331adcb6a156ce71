import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterView } from './cluster-view.js'
import { type Fetched, fetchFrom, type FetchTarget, listOffsets } from './fetch.js'
import { GroupMember } from './group.js'
import { Series } from './series.js'
import type { ConsumerTruth, ConsumeSpec, Window } from './spec.js'

const OFFSET_OUT_OF_RANGE = 1
const HEARTBEAT_MS = 3_000
const PARTITION_MAX_BYTES = 1_048_576
const POSITION_TIMEOUT_MS = 60_000

interface Track {
  readonly partition: number
  readonly read: Series
  readonly wire: Series
  offset: number
  allowance: number
  errors: number
}

/** Reads its partitions from their leaders; as a group member it also commits. */
export class Consumer {
  readonly #spec: ConsumeSpec
  readonly #view: ClusterView
  readonly #groupView: ClusterView
  #tracks: readonly Track[] = []
  #member: GroupMember | undefined
  #running = true

  /** Fetches hold their connection for half a second: group requests get a view of their own. */
  constructor(spec: ConsumeSpec, openView: () => ClusterView) {
    this.#spec = spec
    this.#view = openView()
    this.#groupView = openView()
  }

  /** Finds its starting positions and commits them once, so that a baseline exists. */
  async prepare(): Promise<void> {
    const deadline = Date.now() + POSITION_TIMEOUT_MS
    const from = this.#spec.from ?? 'latest'
    while (!(await this.#findPositions(from))) {
      if (Date.now() > deadline) throw new Error(`${this.#spec.name}: no leaders to read from`)
      await sleep(200)
    }
    if (this.#spec.commits === false) return
    const partitions = this.#tracks.map((track) => track.partition)
    this.#member = new GroupMember(this.#groupView, this.#spec.name, this.#spec.topic, partitions)
    while (!(await this.#attempt(() => this.#commit()))) {
      if (Date.now() > deadline) throw new Error(`${this.#spec.name}: could not join its group`)
      await sleep(300)
    }
  }

  /** Runs until {@link stop}, then commits and leaves. */
  async run(): Promise<void> {
    const readers = this.#view.brokerIds.map((id) => this.#readFrom(id))
    const others = [this.#refillForever(), this.#rewindForever(), this.#groupForever()]
    await Promise.all([...readers, ...others])
    await this.#attempt(() => this.#commit())
    await this.#attempt(async () => this.#member?.leave())
    this.#view.close()
    this.#groupView.close()
  }

  stop(): void {
    this.#running = false
  }

  truth(window: Window): ConsumerTruth[] {
    return this.#tracks.map((track) => ({
      name: this.#spec.name,
      commits: this.#spec.commits !== false,
      topic: this.#spec.topic,
      partition: track.partition,
      ...track.read.sum(window),
      wireBytes: track.wire.sum(window).bytes,
      errors: track.errors,
    }))
  }

  async #findPositions(from: 'earliest' | 'latest'): Promise<boolean> {
    const { topic, partitions } = this.#spec
    await this.#view.refresh()
    const states = this.#view
      .partitionsOf(topic)
      .filter((state) => partitions?.includes(state.partition) ?? true)
    if (states.length === 0) return false
    const found = new Map<number, number>()
    for (const leader of new Set(states.map((state) => state.leader))) {
      const mine = states.filter((state) => state.leader === leader)
      const ids = mine.map((state) => state.partition)
      await this.#attempt(async () => {
        const offsets = await listOffsets(await this.#view.wire(leader), topic, ids, from)
        for (const [partition, offset] of offsets) found.set(partition, offset)
      })
    }
    this.#tracks = [...found]
      .sort(([a], [b]) => a - b)
      .map(([partition, offset]) => newTrack(partition, offset))
    return found.size === states.length
  }

  async #readFrom(broker: number): Promise<void> {
    const { topic } = this.#spec
    while (this.#running) {
      const tracks = this.#tracks.filter(
        (track) => this.#view.leaderOf(topic, track.partition) === broker && this.#mayRead(track),
      )
      if (tracks.length === 0) {
        await sleep(100)
        continue
      }
      const done = await this.#attempt(async () => {
        const targets = tracks.map((track) => this.#target(track))
        const answers = await fetchFrom(await this.#view.wire(broker), topic, targets)
        for (const answer of answers) await this.#take(broker, answer, targets)
      })
      if (done) continue
      this.#view.drop(broker)
      for (const track of tracks) track.errors++
      await this.#view.refresh()
      await sleep(200)
    }
  }

  #mayRead(track: Track): boolean {
    return this.#spec.maxBytesPerSec === undefined || track.allowance > 0
  }

  /** Slow readers take small bites, but not so small that cut-off batches make up much of them. */
  #target(track: Track): FetchTarget {
    const { maxBytesPerSec = Infinity } = this.#spec
    const bite = Math.max(524_288, maxBytesPerSec * 2)
    const maxBytes = Math.min(PARTITION_MAX_BYTES, bite)
    return { partition: track.partition, offset: track.offset, maxBytes }
  }

  async #take(broker: number, answer: Fetched, asked: readonly FetchTarget[]): Promise<void> {
    const track = this.#tracks.find((candidate) => candidate.partition === answer.partition)
    if (track === undefined) return
    if (answer.error !== 0) {
      track.errors++
      if (answer.error === OFFSET_OUT_OF_RANGE) await this.#resetToEarliest(broker, track)
      else await this.#view.refresh()
      await sleep(100)
      return
    }
    const now = Date.now()
    track.read.add(now, answer)
    track.wire.add(now, { bytes: answer.wireBytes, records: 0 })
    track.allowance -= answer.wireBytes
    // A rewind in between wins over what this answer says.
    const offsetAsked = asked.find((target) => target.partition === track.partition)?.offset
    if (offsetAsked === track.offset) track.offset = answer.nextOffset
  }

  async #resetToEarliest(broker: number, track: Track): Promise<void> {
    const wire = await this.#view.wire(broker)
    const offsets = await listOffsets(wire, this.#spec.topic, [track.partition], 'earliest')
    track.offset = offsets.get(track.partition) ?? track.offset
  }

  async #refillForever(): Promise<void> {
    const { maxBytesPerSec } = this.#spec
    if (maxBytesPerSec === undefined) return
    while (this.#running) {
      for (const track of this.#tracks)
        track.allowance = Math.min(maxBytesPerSec, track.allowance + maxBytesPerSec / 5)
      await sleep(200)
    }
  }

  async #rewindForever(): Promise<void> {
    const { rewind } = this.#spec
    if (rewind === undefined) return
    while (await this.#pause(rewind.everySec * 1000))
      for (const track of this.#tracks) track.offset = Math.max(0, track.offset - rewind.records)
  }

  async #groupForever(): Promise<void> {
    const member = this.#member
    if (member === undefined) return
    const everyMs = (this.#spec.commitEverySec ?? 5) * 1000
    let commitAtMs = Date.now() + everyMs
    while (await this.#pause(Math.min(HEARTBEAT_MS, Math.max(50, commitAtMs - Date.now())))) {
      await this.#attempt(() => member.keepAlive())
      if (Date.now() < commitAtMs) continue
      await this.#attempt(() => this.#commit())
      commitAtMs += everyMs
    }
  }

  async #commit(): Promise<void> {
    if (this.#member === undefined) return
    await this.#member.keepAlive()
    await this.#member.commit(new Map(this.#tracks.map((track) => [track.partition, track.offset])))
  }

  /** Sleeps in short steps so that stopping never waits; false when stopped. */
  async #pause(ms: number): Promise<boolean> {
    const endMs = Date.now() + ms
    while (this.#running && Date.now() < endMs)
      await sleep(Math.min(200, Math.max(1, endMs - Date.now())))
    return this.#running
  }

  async #attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action()
      return true
    } catch {
      return false
    }
  }
}

function newTrack(partition: number, offset: number): Track {
  return { partition, offset, read: new Series(), wire: new Series(), allowance: 0, errors: 0 }
}
