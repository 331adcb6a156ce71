import { OperatorError } from '../../../../../src/lib/errors/operator-error.js'
import type { RunPorts } from '../../../../../src/lib/execution/reassign/run-types.js'
import type { Clock } from '../../../../../src/lib/ports/clock.js'
import type { ClusterReader } from '../../../../../src/lib/ports/cluster-reader.js'
import type { ClusterWriter, WriteOutcome } from '../../../../../src/lib/ports/cluster-writer.js'
import type { Journal, JournalRecord } from '../../../../../src/lib/ports/journal.js'
import type { SimulatedCluster } from './cluster.js'

/** What happens to one request that changes something. */
export type Fate = 'fine' | 'answer lost' | 'request lost' | 'late' | 'doubled' | 'no controller'

/** Thrown in place of a SIGKILL: from then on the process does nothing any more. */
export class Killed extends Error {}

/** Something that happens to the cluster at a time, by itself or by somebody else. */
export interface Incident {
  readonly atMs: number
  readonly happen: (cluster: SimulatedCluster) => void
}

interface Past {
  readonly atMs: number
  readonly topics: SimulatedCluster['topics']
  readonly configs: SimulatedCluster['configs']
}

const LATE_MS = 3_000
const ROUND_TRIP_MS = 5

/** One simulated world: a cluster, its time, a journal that survives processes, and the faults to come. */
export class World {
  readonly cluster: SimulatedCluster
  readonly records: JournalRecord[] = []
  readonly submitted: { readonly key: string; readonly replicas: readonly number[] }[] = []
  nowMs = 1_700_000_000_000
  /** Whether a broker that was asked for configs was ever behind. */
  showsConfigsLate = false
  #fates: Fate[]
  #incidents: Incident[]
  /** How far behind the controller the brokers are that are asked for metadata, one after the other. */
  readonly #lagsMs: number[]
  /** The same of those that are asked for configs. */
  #configLagsMs: number[] = []
  readonly #past: Past[] = []
  readonly #startMs = 1_700_000_000_000

  constructor(
    cluster: SimulatedCluster,
    fates: readonly Fate[],
    incidents: readonly Incident[],
    lagsMs: readonly number[] = [],
  ) {
    this.cluster = cluster
    this.#fates = [...fates]
    this.#incidents = [...incidents]
    this.#lagsMs = [...lagsMs]
    this.#remember()
  }

  pass(ms: number): void {
    this.nowMs += ms
    const elapsed = this.nowMs - this.#startMs
    const due = this.#incidents.filter(({ atMs }) => atMs <= elapsed)
    this.#incidents = this.#incidents.filter(({ atMs }) => atMs > elapsed)
    for (const { happen } of due) happen(this.cluster)
    this.cluster.advanceTo(elapsed)
    this.#remember()
  }

  /** From now on brokers that are asked for configs are so far behind, one after the other. */
  lagWithConfigs(lagsMs: readonly number[]): void {
    this.showsConfigsLate = lagsMs.some((lagMs) => lagMs > 0)
    this.#configLagsMs = [...lagsMs]
    this.#remember()
  }

  /** The configs as the broker that is asked now knows them. */
  nextConfigs(): SimulatedCluster['configs'] {
    const lagMs = this.#configLagsMs.shift() ?? 0
    const seen = this.#past.findLast(({ atMs }) => atMs <= this.elapsedMs() - lagMs)
    return lagMs === 0
      ? this.cluster.configs
      : ((seen ?? this.#past[0])?.configs ?? new Map<string, string>())
  }

  /** The topics as the broker that is asked now knows them. */
  nextTopics(): SimulatedCluster['topics'] {
    const lagMs = this.#lagsMs.shift() ?? 0
    if (lagMs === 0) return this.cluster.topics
    const seen = this.#past.findLast(({ atMs }) => atMs <= this.elapsedMs() - lagMs)
    return (seen ?? this.#past[0])?.topics ?? this.cluster.topics
  }

  #remember(): void {
    if (this.#lagsMs.length + this.#configLagsMs.length === 0) return
    const { topics, configs } = structuredClone({
      topics: this.cluster.topics,
      configs: this.cluster.configs,
    })
    this.#past.push({ atMs: this.elapsedMs(), topics, configs })
  }

  /** Milliseconds since the world began. */
  elapsedMs(): number {
    return this.nowMs - this.#startMs
  }

  later(ms: number, happen: Incident['happen']): void {
    this.#incidents.push({ atMs: this.nowMs - this.#startMs + ms, happen })
  }

  /** What happens to the next requests, whatever was to happen to them before. */
  befall(fates: readonly Fate[]): void {
    this.#fates = [...fates]
  }

  nextFate(): Fate {
    return this.#fates.shift() ?? 'fine'
  }
}

/** The ports of one process in that world; it is killed at the `killAt`-th journal append (0: never). */
export function openProcess(
  world: World,
  killAt: number,
  killBefore: boolean,
): Pick<RunPorts, 'journal' | 'clock' | 'reader' | 'writer'> {
  let appends = 0
  let dead = false
  const live = (): void => {
    if (dead) throw new Killed()
    world.pass(ROUND_TRIP_MS)
  }
  const journal: Journal = {
    path: 'memory',
    append: (records) => {
      if (dead) return Promise.reject(new Killed())
      appends += 1
      const dies = appends === killAt
      if (!(dies && killBefore)) world.records.push(...records)
      dead = dies
      return dies ? Promise.reject(new Killed()) : Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  const clock: Clock = {
    nowMs: () => world.nowMs,
    sleep: (ms) => {
      world.pass(ms)
      return Promise.resolve()
    },
  }
  return { journal, clock, reader: readerOf(world, live), writer: writerOf(world, live) }
}

function readerOf(world: World, live: () => void): ClusterReader {
  const { cluster } = world
  const no = (): never => {
    throw new Error('not simulated')
  }
  const answer = <T>(make: () => T): Promise<T> => {
    try {
      live()
      if (cluster.outOfReach) throw outOfReach()
      return Promise.resolve(make())
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error('?'))
    }
  }
  return {
    readMetadata: ({ topics } = {}) =>
      answer(() => ({
        clusterId: 'sim',
        mode: cluster.mode,
        controllerId: 1,
        brokers: [...cluster.alive].map((id) => ({ id, host: 'h', port: 1 })),
        fencedBrokerIds: [],
        topics: [...world.nextTopics()]
          .filter(([name]) => topics?.includes(name) !== false && !cluster.unseen.has(name))
          .map(([name, { id, partitions }]) => ({
            name,
            topicId: id,
            internal: false,
            ...(cluster.denied.has(name) && { error: 'TOPIC_AUTHORIZATION_FAILED' }),
            partitions: (cluster.denied.has(name) ? [] : [...partitions]).map(
              ([index, { replicas, isr, leader }]) => ({
                id: index,
                leader,
                replicas,
                isr,
                offlineReplicas: [],
              }),
            ),
          })),
      })),
    readReassignments: () =>
      answer(() => {
        if (cluster.denied.has('cluster')) throw clusterDenied()
        if (cluster.denied.has('login')) throw loginRefused()
        return [...cluster.topics].flatMap(([topic, { partitions }]) =>
          [...partitions].flatMap(([partition, { target, replicas, adding }]) =>
            target === null
              ? []
              : [
                  {
                    topic,
                    partition,
                    replicas,
                    adding,
                    removing: replicas.filter((id) => !target.includes(id)),
                  },
                ],
          ),
        )
      }),
    readConfigs: (resources, keys) =>
      answer(() => {
        const configs = world.nextConfigs()
        return resources.map((resource) => {
          const isGone = resource.type === 'topic' && !cluster.topics.has(resource.name)
          const isAway = resource.type === 'broker' && !answers(cluster, Number(resource.name))
          const prefix = `${resource.type} ${resource.name} `
          const values = [...configs]
            .filter(([key]) => key.startsWith(prefix))
            .map(([key, value]) => ({
              name: key.slice(prefix.length),
              value,
              source: resource.type === 'topic' ? 'DYNAMIC_TOPIC' : 'DYNAMIC_BROKER',
              sensitive: false,
            }))
            .filter(({ name }) => keys?.includes(name) !== false)
          const isDenied = cluster.denied.has(`configs of ${resource.type} ${resource.name}`)
          const away = isGone ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'UNREACHABLE'
          const code = isDenied ? 'TOPIC_AUTHORIZATION_FAILED' : away
          return {
            resource,
            values: isGone || isAway || isDenied ? [] : values,
            ...((isGone || isAway || isDenied) && { error: { code, message: code } }),
          } as Awaited<ReturnType<ClusterReader['readConfigs']>>[number]
        })
      }),
    readLogDirs: (ids) =>
      answer(() =>
        ids.map((brokerId) => {
          const value = cluster.logDirs.get(brokerId) ?? []
          return { brokerId, ok: true as const, value }
        }),
      ),
    readOffsets: no,
    readLogEnds: () => Promise.resolve([]),
    readGroups: no,
    readCommittedOffsets: no,
    readQuorum: no,
    pingBroker: (brokerId) =>
      Promise.resolve({ brokerId, ok: true, value: { roundTripMs: 2 } } as const),
    close: () => Promise.resolve(),
  }
}

const answers = ({ alive, silent }: SimulatedCluster, broker: number): boolean =>
  alive.has(broker) && !silent.has(broker)

const outOfReach = (): OperatorError =>
  new OperatorError({ code: 'CLUSTER_UNREACHABLE', message: 'nobody answers', exit: 'unreachable' })

const clusterDenied = (): OperatorError =>
  new OperatorError({
    code: 'CLUSTER_AUTHORIZATION_FAILED',
    message: 'Kafka refused to list reassignments.',
    exit: 'notAuthorised',
  })

const loginRefused = (): OperatorError =>
  new OperatorError({
    code: 'NOT_AUTHORISED',
    message: 'Broker h:1 refused the login.',
    exit: 'notAuthorised',
  })

const UNKNOWN: WriteOutcome = { status: 'unknown', message: 'the answer was lost' }
const MOVED: WriteOutcome = { status: 'refused', code: 'NOT_CONTROLLER', message: 'moved' }

function writerOf(world: World, live: () => void): ClusterWriter {
  const { cluster } = world
  const send = <T>(items: readonly T[], apply: (item: T) => WriteOutcome): WriteOutcome[] => {
    live()
    if (cluster.outOfReach) return items.map(() => UNKNOWN)
    const fate = world.nextFate()
    if (fate === 'no controller') return items.map(() => MOVED)
    if (fate === 'request lost') return items.map(() => UNKNOWN)
    if (fate === 'late') {
      world.later(LATE_MS, () => items.forEach((item) => apply(item)))
      return items.map(() => UNKNOWN)
    }
    const outcomes = items.map(apply)
    if (fate === 'doubled') items.forEach((item) => apply(item))
    return fate === 'answer lost' ? items.map(() => UNKNOWN) : outcomes
  }
  const promised = <T>(make: () => T): Promise<T> => {
    try {
      return Promise.resolve(make())
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error('?'))
    }
  }
  return {
    submitReassignments: (requests) =>
      promised(() =>
        send(requests, ({ topic, partition, replicas }) => {
          world.submitted.push({ key: `${topic}-${partition}`, replicas: replicas ?? [] })
          return cluster.alter(topic, partition, replicas)
        }),
      ),
    electPreferredLeaders: (partitions) =>
      promised(() => send(partitions, ({ topic, partition }) => cluster.elect(topic, partition))),
    alterConfigs: (changes) =>
      promised(() => {
        live()
        const fate = world.nextFate()
        const isLost = fate === 'answer lost' || fate === 'request lost'
        return [
          ...new Map(changes.map((c) => [`${c.resource.type} ${c.resource.name}`, c])).values(),
        ].map(({ resource }) => {
          const isAway = resource.type === 'broker' && !answers(cluster, Number(resource.name))
          if (isAway) {
            const outcome = { status: 'refused', code: 'UNREACHABLE', message: 'away' } as const
            return { resource, outcome }
          }
          const mine = changes.filter(
            (c) => c.resource.type === resource.type && c.resource.name === resource.name,
          )
          if (cluster.outOfReach || fate === 'request lost') return { resource, outcome: UNKNOWN }
          const outcomes = mine.map((change) => cluster.alterConfig(change))
          if (isLost) return { resource, outcome: UNKNOWN }
          return { resource, outcome: outcomes.find((o) => o.status !== 'ok') ?? outcomes[0]! }
        })
      }),
    createTopic: () => Promise.reject(new Error('not simulated')),
    close: () => Promise.resolve(),
  }
}
