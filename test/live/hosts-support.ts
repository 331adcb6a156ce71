import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openKafkaCoordination } from '../../src/lib/adapters/kafka/coordination/open-kafka-coordination.js'
import { systemClock } from '../../src/lib/adapters/system/clock.js'
import type { ActionEntry } from '../../src/lib/plan/action-entry.js'
import type { Plan } from '../../src/lib/plan/plan.js'
import type { Coordination, ProcessWitness } from '../../src/lib/ports/coordination.js'
import { startKlinic, type Ran, type Running } from '../klinic-process.js'
import { createTopic, startLab, type Lab } from '../lab/index.js'
import { ELSEWHERE } from './coordination-scenarios.js'
import { startFrameProxy, type FrameProxy } from './frame-proxy.js'
import { fill, look, until, type Looked } from './reassign-support.js'

/** The cluster is called `test` on every host. */
export const CONFIRMED = ['--confirm', 'test'] as const
/** One move at a time, some seconds each: something can happen meanwhile. */
export const SLOWLY = ['--throttle', '1MB', '--max-partitions', '1', '--json-events'] as const
const PARTITIONS = [0, 1, 2, 3]
const MEGABYTES = 5
const BROKERS = [1, 2, 3]
/** Loaded machines start commands slowly. */
const WITHIN_MS = 120_000
/** CreateTopics, DeleteTopics, ElectLeaders, IncrementalAlterConfigs, AlterPartitionReassignments. */
const CHANGING = new Set([19, 20, 43, 44, 45])

/** One operator's host: a state directory of its own, and a klinic.yaml that names the cluster. */
export interface Host {
  start(...args: readonly string[]): Running
  run(...args: readonly string[]): Promise<Ran>
  /** Every action that the log has of a plan. */
  log(planId: string, ...more: readonly string[]): Promise<readonly ActionEntry[]>
}

/** A host whose state lives in `state`, by default in a directory of its own; `more` are further lines of the cluster. */
export function openHost(
  bootstrapServers: string,
  { state, more = [] }: { readonly state?: string; readonly more?: readonly string[] } = {},
): Host {
  const home = mkdtempSync(join(tmpdir(), 'klinic-host-'))
  const config = join(home, 'klinic.yaml')
  const servers = bootstrapServers.split(',').map((server) => `'${server}'`)
  const lines = [`bootstrapServers: [${servers.join(', ')}]`, ...more]
  writeFileSync(config, ['clusters:', '  test:', ...lines.map((line) => `    ${line}`)].join('\n'))
  const stateHome = state ?? join(home, 'state')
  mkdirSync(stateHome, { recursive: true, mode: 0o700 })
  const start = (...args: readonly string[]): Running =>
    startKlinic([...args, '--cluster', 'test', '--config', config], stateHome)
  const run = (...args: readonly string[]): Promise<Ran> => start(...args).ended
  return {
    start,
    run,
    log: async (planId, ...more) => {
      const { stdout } = await run('actions', 'log', '--plan', planId, '--all', '--json', ...more)
      const lines = stdout.split('\n').filter((line) => line !== '')
      return lines.map((line) => JSON.parse(line) as ActionEntry)
    },
  }
}

/** A plan on disk. */
export interface PlanFile {
  readonly file: string
  readonly id: string
}

/** A real cluster behind proxies that count changes, and two hosts that share nothing but it. */
export class Stage {
  readonly lab: Lab
  readonly cluster: Looked
  readonly a: Host
  readonly b: Host
  /** Changing requests that brokers have answered so far. */
  readonly changes: () => number
  readonly #proxies: readonly FrameProxy[]
  #plans = 0

  constructor(lab: Lab, cluster: Looked, proxies: readonly FrameProxy[], changes: () => number) {
    this.lab = lab
    this.cluster = cluster
    this.changes = changes
    this.#proxies = proxies
    this.a = openHost(lab.bootstrapServers)
    this.b = openHost(lab.bootstrapServers)
  }

  /** Coordination as another host has it, without a command around it. */
  coordination(clusterId: string, witness: ProcessWitness = ELSEWHERE): Coordination {
    const connection = {
      bootstrapServers: this.lab.bootstrapServers.split(','),
      clientId: 'klinic-test',
      connectTimeoutMs: 5000,
      requestTimeoutMs: 10_000,
    }
    return openKafkaCoordination({
      connection,
      stateConnection: connection,
      stateTopic: 'klinic.contract',
      clusterId,
      clock: systemClock,
      witness,
    })
  }

  /** A plan that moves each of the first `count` partitions to the other one of brokers 1 and 2. */
  async newPlan(count = PARTITIONS.length): Promise<PlanFile> {
    const { topics } = await this.cluster.snapshot()
    const partitions = topics.find(({ name }) => name === 'orders')?.partitions ?? []
    const lists = PARTITIONS.slice(0, count).map((partition) => {
      const at = partitions.find(({ id }) => id === partition)?.replicas[0]
      return { topic: 'orders', partition, replicas: [at === 1 ? 2 : 1] }
    })
    this.#plans += 1
    const file = await this.cluster.planFile(`hosts-${this.#plans}.json`, lists)
    return { file, id: (JSON.parse(readFileSync(file, 'utf8')) as Plan).id }
  }

  /** Starts a command that moves slowly, and waits until it does. */
  async startSlowly(host: Host, ...command: readonly string[]): Promise<Running> {
    const started = host.start(...command, ...CONFIRMED, ...SLOWLY)
    let isOver = false
    void started.ended.then(() => {
      isOver = true
    })
    await until('a move is under way', WITHIN_MS, async () => {
      if (isOver) throw new Error(`it has ended: ${started.stdout()}${started.stderr()}`)
      const said = started.stdout().includes('"movesUnderWay":1')
      return said && (await this.cluster.reader.readReassignments()).length > 0
    })
    return started
  }

  /** Goes on with a plan to its end. */
  resume(host: Host, planId: string): Promise<Ran> {
    return host.run('reassign', 'resume', planId, ...CONFIRMED, '--throttle', '50MB', '--json')
  }

  async throttles(): Promise<unknown> {
    return (await this.cluster.state()).throttles
  }

  /** What a test that failed half-way may have left, before it is tried again. */
  async tidy(): Promise<void> {
    for (const host of [this.a, this.b]) {
      await host.run('maintenance', 'stop', ...CONFIRMED)
      await host.run('lock', 'break', ...CONFIRMED)
      await host.run('reassign', 'cancel', ...CONFIRMED)
    }
  }

  async close(): Promise<void> {
    await this.cluster.close()
    await this.lab.down()
    await Promise.all(this.#proxies.map((proxy) => proxy.close()))
  }
}

/** Starts everything, with a topic of some megabytes on broker 1. */
export async function openStage(basePort: number): Promise<Stage> {
  let changes = 0
  const count = (apiKey: number): boolean => {
    if (CHANGING.has(apiKey)) changes += 1
    return false
  }
  const portOf = (id: number): number => basePort + 50 + id
  const proxies = await Promise.all(
    BROKERS.map((id) => startFrameProxy(portOf(id), basePort + id, count)),
  )
  const lab = await startLab({
    mode: 'kraft',
    brokers: BROKERS.length,
    racks: 3,
    basePort,
    logDirs: 1,
    advertisedPorts: Object.fromEntries(BROKERS.map((id) => [id, portOf(id)])),
  })
  try {
    await createTopic(
      lab,
      'orders',
      PARTITIONS.map(() => [1]),
    )
    await fill(lab.bootstrapServers, 'orders', PARTITIONS, MEGABYTES)
    return new Stage(lab, await look(lab.bootstrapServers), proxies, () => changes)
  } catch (error) {
    await lab.down()
    throw error
  }
}
