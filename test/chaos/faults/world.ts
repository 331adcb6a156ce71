import type { WantedList } from '../../../src/lib/plan/kafka-json.js'
import type { ExecutionReport } from '../../../src/lib/plan/execution-report.js'
import { createTopic, startLab, type Lab, type LabMode } from '../../lab/index.js'
import { fill, look, until, type Looked } from '../../live/reassign-support.js'
import { startClientProxies, type ClientProxies, type ProxyRules } from '../client-proxy.js'
import { lastWords, Operator, type Ran, type Running } from '../klinic.js'
import { seeded, type Random } from '../random.js'

const BROKERS = [1, 2, 3, 4]
const PROXY_OFFSET = 50

/** A cluster of four brokers in two racks behind proxies, on which faults are tried one after the other. */
export class World {
  readonly mode: LabMode
  readonly lab: Lab
  readonly cluster: Looked
  readonly clusterId: string
  readonly random: Random
  readonly say: (line: string) => void
  readonly #proxies: ClientProxies
  readonly #operators: Operator[] = []
  #topics = 0
  #plans = 0

  private constructor(parts: {
    lab: Lab
    cluster: Looked
    clusterId: string
    proxies: ClientProxies
    seed: number
    say: (line: string) => void
  }) {
    this.mode = parts.lab.layout.mode
    this.lab = parts.lab
    this.cluster = parts.cluster
    this.clusterId = parts.clusterId
    this.#proxies = parts.proxies
    this.random = seeded(parts.seed)
    this.say = parts.say
  }

  static async open(options: {
    readonly mode: LabMode
    readonly basePort: number
    readonly seed: number
    readonly say: (line: string) => void
  }): Promise<World> {
    const { mode, basePort, seed, say } = options
    const ports = new Map(
      BROKERS.map((id) => [id, { port: basePort + PROXY_OFFSET + id, targetPort: basePort + id }]),
    )
    const proxies = await startClientProxies(ports)
    const lab = await startLab({
      mode,
      brokers: BROKERS.length,
      racks: 2,
      basePort,
      logDirs: 1,
      advertisedPorts: Object.fromEntries([...ports].map(([id, { port }]) => [id, port])),
    })
    const cluster = await look(lab.bootstrapServers)
    const { clusterId } = await cluster.reader.readMetadata({ topics: [] })
    return new World({ lab, cluster, clusterId, proxies, seed, say })
  }

  async close(): Promise<void> {
    await this.cluster.close()
    await this.lab.down()
    await this.#proxies.close()
  }

  /** What happens to klinic's frames until {@link settle}. */
  get rules(): ProxyRules {
    return this.#proxies.rules
  }

  /** Flags that every command that changes something takes. */
  get at(): readonly string[] {
    return ['--bootstrap-server', this.lab.bootstrapServers, '--confirm', this.clusterId]
  }

  /** Flags of a command that only reads. */
  get reading(): readonly string[] {
    return ['--bootstrap-server', this.lab.bootstrapServers]
  }

  /** A topic with these replica lists and so many megabytes in each partition; returns its name. */
  async topic(lists: readonly (readonly number[])[], megabytes = 0): Promise<string> {
    this.#topics += 1
    const name = `fault-${this.#topics}`
    await createTopic(this.lab, name, lists)
    const all = lists.map((_list, id) => id)
    if (megabytes > 0) await fill(this.lab.bootstrapServers, name, all, megabytes)
    return name
  }

  /** A file with a plan that takes the partitions of a topic, from 0 on, to these lists. */
  planFile(topic: string, lists: readonly (readonly number[])[]): Promise<string> {
    this.#plans += 1
    const wanted: WantedList[] = lists.map((replicas, partition) => ({
      topic,
      partition,
      replicas,
    }))
    return this.cluster.planFile(`fault-${this.#plans}.json`, wanted)
  }

  /** Waits until all brokers tell the same of a topic: some hear of a change later than others. */
  async agreed(topic: string): Promise<void> {
    await until(`all brokers tell the same of ${topic}`, 60_000, async () => {
      const told = await Promise.all(BROKERS.map((id) => this.places(topic, id)))
      return new Set(told.map((places) => places.join())).size === 1
    })
  }

  /** Replica lists and leaders of a topic, `1,2 led by 1`, by partition; in the words of any broker, or of that one. */
  async places(topic: string, fromBroker?: number): Promise<readonly string[]> {
    const asked = { topics: [topic], ...(fromBroker === undefined ? {} : { fromBroker }) }
    const { topics } = await this.cluster.reader.readMetadata(asked)
    const partitions = topics[0]?.partitions ?? []
    return partitions
      .toSorted((a, b) => a.id - b.id)
      .map(({ replicas, leader }) => `${replicas.join()} led by ${leader ?? 'nobody'}`)
  }

  /** The lists of throttled replicas of a topic. */
  async throttleLists(topic: string): Promise<readonly string[]> {
    const { throttles = [] } = await this.cluster.state()
    return throttles.filter(({ name }) => name === topic).map(({ value }) => value)
  }

  /** Throttles and reassignments that are there now; empty when nothing is left behind. */
  async leftovers(): Promise<readonly string[]> {
    const { throttles = [] } = await this.cluster.state()
    const inFlight = await this.cluster.reader.readReassignments()
    return [
      ...throttles.map(({ name, key, value }) => `${key}=${value} of ${name}`),
      ...inFlight.map(({ topic, partition }) => `${topic}-${partition} in flight`),
    ]
  }

  /** Waits until brokers do not show any throttle or reassignment any more, and fails when they go on to. */
  async settle(): Promise<void> {
    this.#proxies.reset()
    const left: { now: readonly string[] } = { now: [] }
    await until('nothing is left behind', 60_000, async () => {
      left.now = await this.leftovers()
      return left.now.length === 0
    }).catch(() => fail(`left behind: ${left.now.join(', ')}`))
  }

  /** Makes the cluster as good as new after whatever happened before: no fault, no throttle, nothing in flight. */
  async clean(): Promise<void> {
    this.#proxies.reset()
    for (const operator of this.#operators.splice(0)) await operator.leave()
    const down = this.lab.brokers.filter(({ state }) => state !== 'running')
    for (const { id, state } of down) {
      if (state === 'paused') this.lab.resume(id)
      else await this.lab.start(id)
    }
    if (down.length > 0) await this.alive(BROKERS)
    const { throttles = [] } = await this.cluster.state()
    await this.cluster.writer.alterConfigs(
      throttles.map(({ resource, name, key }) => ({
        resource: { type: resource, name },
        name: key,
        op: 'delete',
      })),
    )
    await until('nothing is in flight', 120_000, async () => {
      const inFlight = await this.cluster.reader.readReassignments()
      return inFlight.length === 0
    })
  }

  /** Waits until a move is copying. */
  async copying(running: Running): Promise<void> {
    await until('a move is copying', 60_000, () => running.stdout().includes('"copying"')).catch(
      (error: unknown) =>
        fail(`${String(error)}: ${running.stdout().slice(-500)}${running.stderr()}`),
    )
  }

  /** Waits until the cluster lists exactly these brokers as alive. */
  async alive(brokers: readonly number[]): Promise<void> {
    await until(`brokers ${brokers.join()} are alive`, 90_000, async () => {
      const seen = await this.cluster.reader.readMetadata({ topics: [] })
      return (
        seen.brokers
          .map(({ id }) => id)
          .toSorted()
          .join() === brokers.toSorted().join()
      )
    })
  }

  /** Waits until every partition has its leader and all of its replicas in sync. */
  async whole(): Promise<void> {
    await until('every replica is in sync', 120_000, async () => {
      const { topics } = await this.cluster.reader.readMetadata()
      return topics.every(({ partitions }) =>
        partitions.every(
          ({ leader, isr, replicas }) => leader !== null && isr.length === replicas.length,
        ),
      )
    })
  }

  /** Starts a broker again and waits until the cluster is whole. */
  async revive(brokerId: number): Promise<void> {
    await this.lab.start(brokerId)
    await this.alive(BROKERS)
    await this.whole()
  }

  operator(): Operator {
    const operator = new Operator()
    this.#operators.push(operator)
    return operator
  }
}

/** Fails the scenario. */
export function fail(message: string): never {
  throw new Error(message)
}

/** Fails unless what was found is what was wanted. */
export function same(what: string, found: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (a !== b) fail(`${what}: ${a}, and not ${b}`)
}

/** Fails unless the command ended with one of the exit codes. */
export function exited(ran: Ran, ...codes: readonly number[]): void {
  if (ran.code === null || !codes.includes(ran.code))
    fail(`not exit ${codes.join(' or ')}: ${lastWords(ran)}`)
}

/** The report of an execution that was run with --json, or with --json-events (its last line). */
export function reportOf({ stdout }: Ran): ExecutionReport {
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  const text = last === '}' ? stdout : last
  const document = JSON.parse(text) as ExecutionReport | { readonly report: ExecutionReport }
  return 'report' in document ? document.report : document
}
