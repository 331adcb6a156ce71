import type { BrokerLogDir } from '../../../../../src/lib/ports/cluster-reader.js'
import type { ConfigChange, WriteOutcome } from '../../../../../src/lib/ports/cluster-writer.js'

/** How one partition stands in the simulation. `target` is that of a reassignment in flight. */
export interface SimulatedPartition {
  replicas: readonly number[]
  isr: readonly number[]
  leader: number | null
  target: readonly number[] | null
  /** Replicas that the reassignment in flight brings. */
  adding: readonly number[]
  /** Replicas that are copying, and when each will be in sync. */
  copyingUntil: Map<number, number>
}

/** What KRaft stores of a config value: a string of as many bytes as a signed short counts. */
const LONGEST_VALUE = 32_767
const UNKNOWN_SERVER_ERROR: WriteOutcome = { status: 'unknown', message: 'UNKNOWN_SERVER_ERROR' }

const union = (first: readonly number[], second: readonly number[]): readonly number[] => [
  ...first,
  ...second.filter((id) => !first.includes(id)),
]

/** A cluster with the rules of both modes for reassignments, elections and configs; time is told to it. */
export class SimulatedCluster {
  readonly mode: 'kraft' | 'zookeeper'
  readonly topics = new Map<string, { id: string; partitions: Map<number, SimulatedPartition> }>()
  readonly configs = new Map<string, string>()
  readonly registered: ReadonlySet<number>
  readonly alive: Set<number>
  /** Topics that brokers leave out of their answers although they exist. */
  readonly unseen = new Set<string>()
  /** Partitions whose last copy in sync was dropped. */
  readonly lost: string[] = []
  /** What brokers say of their log directories; nothing by default. */
  readonly logDirs = new Map<number, readonly BrokerLogDir[]>()
  /** Nobody answers: the network between us and the brokers is gone. */
  outOfReach = false
  /** Brokers that are alive and do not answer when their configs are asked for. */
  readonly silent = new Set<number>()
  /** Topics that our principal may not see (`orders`), the reassignments (`cluster`), configs (`configs of topic orders`). */
  readonly denied = new Set<string>()
  /** A code with which every request to reassign is refused; null for none. */
  refusing: string | null = null
  /** The most characters that a value has had which somebody set by a request. */
  longestValue = 0
  #nowMs = 0
  readonly #copyMs: number

  constructor(mode: 'kraft' | 'zookeeper', brokers: readonly number[], copyMs: number) {
    this.mode = mode
    this.registered = new Set(brokers)
    this.alive = new Set(brokers)
    this.#copyMs = copyMs
  }

  addPartition(topic: string, partition: number, replicas: readonly number[]): void {
    const entry = this.topics.get(topic) ?? { id: `${topic}-id`, partitions: new Map() }
    this.topics.set(topic, entry)
    entry.partitions.set(partition, {
      replicas,
      isr: replicas,
      leader: replicas[0] ?? null,
      target: null,
      adding: [],
      copyingUntil: new Map(),
    })
  }

  partition(topic: string, partition: number): SimulatedPartition | undefined {
    return this.topics.get(topic)?.partitions.get(partition)
  }

  /** Deletes a topic with its configs, whatever goes on with it. */
  deleteTopic(topic: string): void {
    this.topics.delete(topic)
    for (const key of [...this.configs.keys()]) {
      if (key.startsWith(`topic ${topic} `)) this.configs.delete(key)
    }
  }

  /** Lets time pass: copies end, reassignments complete, leaders of dead brokers are replaced. */
  advanceTo(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs)
    for (const { partitions } of this.topics.values()) {
      for (const partition of partitions.values()) this.#settle(partition)
    }
  }

  kill(broker: number): void {
    this.alive.delete(broker)
    this.advanceTo(this.#nowMs)
  }

  start(broker: number): void {
    this.alive.add(broker)
    for (const { partitions } of this.topics.values()) {
      for (const partition of partitions.values()) {
        if (partition.replicas.includes(broker) && !partition.isr.includes(broker)) {
          partition.copyingUntil.set(broker, this.#nowMs + this.#copyMs)
        }
      }
    }
  }

  /** AlterPartitionReassignments for one partition. */
  alter(topic: string, index: number, wanted: readonly number[] | null): WriteOutcome {
    const partition = this.partition(topic, index)
    if (partition === undefined) return refused('UNKNOWN_TOPIC_OR_PARTITION')
    if (wanted === null) throw new Error('a null replica list was submitted')
    if (this.refusing !== null) return refused(this.refusing)
    if (!this.#isAcceptable(partition, wanted)) return refused('INVALID_REPLICA_ASSIGNMENT')
    const origin = partition.replicas.filter((id) => !partition.adding.includes(id))
    partition.replicas = union(wanted, origin)
    partition.adding = wanted.filter((id) => !origin.includes(id))
    partition.target = wanted
    for (const id of partition.replicas) {
      const isNew = !partition.isr.includes(id) && !partition.copyingUntil.has(id)
      if (isNew) partition.copyingUntil.set(id, this.#nowMs + this.#copyMs)
    }
    // With ZooKeeper, replicas that no longer count are stopped at once, whatever the others hold.
    if (this.mode === 'zookeeper') this.#drop(partition, `${topic}-${index}`)
    this.#settle(partition)
    return { status: 'ok' }
  }

  /** Stops every replica that is not listed; the last copy in sync may go with them. */
  #drop(partition: SimulatedPartition, key: string): void {
    const left = partition.isr.filter((id) => partition.replicas.includes(id))
    if (left.length === 0) this.lost.push(key)
    partition.isr = left
    for (const id of [...partition.copyingUntil.keys()]) {
      if (!partition.replicas.includes(id)) partition.copyingUntil.delete(id)
    }
  }

  #isAcceptable({ replicas }: SimulatedPartition, wanted: readonly number[]): boolean {
    const isValid = wanted.length > 0 && new Set(wanted).size === wanted.length
    if (!isValid || !wanted.every((id) => this.registered.has(id))) return false
    if (this.mode === 'kraft') return true
    return wanted.every((id) => this.alive.has(id) || replicas.includes(id))
  }

  /** ElectLeaders (preferred) for one partition. */
  elect(topic: string, index: number): WriteOutcome {
    const partition = this.partition(topic, index)
    const preferred = partition?.replicas[0]
    if (partition === undefined || preferred === undefined) {
      return refused('UNKNOWN_TOPIC_OR_PARTITION')
    }
    const isFit = this.alive.has(preferred) && partition.isr.includes(preferred)
    if (!isFit) return refused('PREFERRED_LEADER_NOT_AVAILABLE')
    partition.leader = preferred
    return { status: 'ok' }
  }

  /** IncrementalAlterConfigs for one resource: all its changes or none. */
  alterConfig({ resource, name, op, value = '' }: ConfigChange): WriteOutcome {
    if (resource.type === 'broker' && !this.alive.has(Number(resource.name))) {
      throw new Error(`a config of dead broker ${resource.name} was written`)
    }
    if (resource.type === 'topic' && !this.topics.has(resource.name)) {
      return refused('UNKNOWN_TOPIC_OR_PARTITION')
    }
    const key = `${resource.type} ${resource.name} ${name}`
    if (op === 'delete') this.configs.delete(key)
    else if (!this.#store(key, valueAfter(this.configs.get(key) ?? '', op, value))) {
      return UNKNOWN_SERVER_ERROR
    }
    return { status: 'ok' }
  }

  /** False for what is too long: the controller fails over it and answers nothing that tells why (KAFKA-18020). */
  #store(key: string, value: string): boolean {
    if (value.length > LONGEST_VALUE) return false
    this.configs.set(key, value)
    this.longestValue = Math.max(this.longestValue, value.length)
    return true
  }

  #settle(partition: SimulatedPartition): void {
    for (const [id, until] of partition.copyingUntil) {
      if (until > this.#nowMs || !this.alive.has(id) || partition.leader === null) continue
      partition.copyingUntil.delete(id)
      partition.isr = union(partition.isr, [id])
    }
    const living = partition.isr.filter((id) => this.alive.has(id))
    if (living.length > 0) {
      for (const id of partition.isr.filter((other) => !living.includes(other))) {
        partition.copyingUntil.set(id, this.#nowMs + this.#copyMs)
      }
      partition.isr = living
    }
    this.#complete(partition)
    const leads = partition.leader !== null && this.alive.has(partition.leader)
    const mayLead = leads && partition.replicas.includes(partition.leader ?? -1)
    if (!mayLead) partition.leader = partition.replicas.find((id) => living.includes(id)) ?? null
  }

  /** ZooKeeper mode asks for the whole target, unless nothing comes or goes; KRaft for what is added and one of the target. */
  #isComplete({ isr, adding, replicas }: SimulatedPartition, target: readonly number[]): boolean {
    const fit = (id: number): boolean => isr.includes(id) && this.alive.has(id)
    const isMoving = adding.length > 0 || replicas.length > target.length
    if (this.mode === 'zookeeper') return !isMoving || target.every(fit)
    return target.some(fit) && adding.every(fit)
  }

  #complete(partition: SimulatedPartition): void {
    const { target } = partition
    if (target === null) return
    if (!this.#isComplete(partition, target)) return
    partition.replicas = target
    partition.isr = partition.isr.filter((id) => target.includes(id))
    partition.target = null
    partition.adding = []
    for (const id of [...partition.copyingUntil.keys()]) {
      if (!target.includes(id)) partition.copyingUntil.delete(id)
    }
  }
}

function valueAfter(before: string, op: 'set' | 'append' | 'subtract', value: string): string {
  if (op === 'set') return value
  const entries = before.split(',').filter((entry) => entry !== '')
  const given = value.split(',')
  if (op === 'append') return [...new Set([...entries, ...given])].join(',')
  return entries.filter((entry) => !given.includes(entry)).join(',')
}

function refused(code: string): WriteOutcome {
  return { status: 'refused', code, message: code }
}
