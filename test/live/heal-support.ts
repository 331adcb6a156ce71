import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { Kafka, logLevel } from 'kafkajs'

import type { JudgedBroker } from '../../src/lib/health/verdict/judge-broker.js'
import { outOfSyncReplicas } from '../../src/lib/model/partition-state.js'
import { indexBrokers } from '../../src/lib/model/find-partition.js'
import type { Plan } from '../../src/lib/plan/plan.js'
import type { CheckDocument } from '../../src/lib/report/status/check-document.js'
import { KLINIC } from '../klinic-process.js'
import type { Lab } from '../lab/index.js'
import { look, type Looked } from './reassign-support.js'

const COMMAND_MS = 120_000

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A cluster under test, with klinic as an operator of it has it: a state directory of its own. */
export interface Ward {
  readonly cluster: Looked
  klinic(...args: readonly string[]): Promise<Ended>
  file(name: string): string
  /** Carries a plan file out. */
  execute(file: string, ...flags: readonly string[]): Promise<Ended>
  /** Codes of the blockers of a plan that was printed. */
  blockers(ended: Ended): readonly string[]
  /** Whether the cluster lists the broker. */
  lists(broker: number): Promise<boolean>
  isWhole(topics?: readonly string[]): Promise<boolean>
  untilWhole(withinMs: number): Promise<void>
  /** Every partition has a leader, and every replica is in sync but for those on brokers that are dead. */
  untilWholeBut(
    dead: readonly number[],
    withinMs: number,
    topics?: readonly string[],
  ): Promise<void>
  until(what: string, withinMs: number, check: () => Promise<boolean>): Promise<void>
  electPreferred(): Promise<void>
  /** Lets a living follower of partition 0 of a topic fall behind for minutes: stopped for a moment, throttled from then on. */
  holdBack(topic: string, follower: number): Promise<void>
  letGo(topic: string, follower: number): Promise<void>
  /** Takes a copy of what was noticed so far; the function puts that in the place of what was noticed since. */
  mark(): () => void
  /** Forgets what was noticed so far, as another host would not know it. */
  forget(): void
  close(): Promise<void>
}

/** The verdict on one broker out of `cluster check --json`. */
export function verdictOf(stdout: string, broker: number): JudgedBroker {
  const { brokers } = JSON.parse(stdout) as CheckDocument
  const found = brokers.find((judged) => judged.broker === broker)
  if (found === undefined) throw new Error(`no verdict on broker ${broker}`)
  return found
}

function runCommand(args: readonly string[], folder: string): Promise<Ended> {
  const { PATH = '' } = process.env
  const env = { PATH, HOME: folder, XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' }
  const child = spawn(process.execPath, [KLINIC, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_MS,
    killSignal: 'SIGKILL',
  })
  const out = { stdout: '', stderr: '' }
  child.stdout.on('data', (data: Buffer) => (out.stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (out.stderr += data.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...out }))
  })
}

async function until(what: string, withinMs: number, check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${withinMs} ms`)
    await sleep(500)
  }
}

/** A stopped broker loses its session, and with it its place in every ISR. */
const AWAY_MS = 120_000
/** Within which a broker has taken up a setting, or caught up with what nothing holds back. */
const HEARD_MS = 3_000

/**
 * Appends 24 MB to partition 0. A throttle spares whoever is in sync, however much is written; it holds back only what
 * has fallen behind already. Then about 1 MB passes it in each of its windows of 11 s, whatever its rate is.
 */
async function flood(brokers: string[], topic: string): Promise<void> {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
  const producer = kafka.producer()
  await producer.connect()
  const messages = [{ partition: 0, value: Buffer.alloc(800_000, 'x') }]
  await Promise.all(Array.from({ length: 30 }, () => producer.send({ topic, messages, acks: 1 })))
  await producer.disconnect()
}

const RATE = 'follower.replication.throttled.rate'
const REPLICAS = 'follower.replication.throttled.replicas'

/** Opens a ward on a lab. */
export async function openWard(lab: Lab): Promise<Ward> {
  const folder = mkdtempSync(join(tmpdir(), 'klinic-heal-'))
  const cluster = await look(lab.bootstrapServers)
  const isWholeBut = async (
    dead: readonly number[],
    topics?: readonly string[],
  ): Promise<boolean> => {
    const snapshot = await cluster.snapshot()
    const brokers = indexBrokers(snapshot)
    return snapshot.topics
      .filter(({ name }) => topics?.includes(name) ?? true)
      .flatMap(({ partitions }) => partitions)
      .every(
        (partition) =>
          partition.leader !== null &&
          outOfSyncReplicas(partition, brokers).every((id) => dead.includes(id)),
      )
  }
  const isWhole = (topics?: readonly string[]): Promise<boolean> => isWholeBut([], topics)
  const throttle = (topic: string, follower: number, op: 'set' | 'delete'): Promise<unknown> =>
    cluster.writer.alterConfigs([
      {
        resource: { type: 'topic', name: topic },
        name: REPLICAS,
        op,
        ...(op === 'set' && { value: `0:${follower}` }),
      },
      {
        resource: { type: 'broker', name: String(follower) },
        name: RATE,
        op,
        ...(op === 'set' && { value: '1' }),
      },
    ])
  const isWithout = async (topic: string, follower: number): Promise<boolean> => {
    const { topics } = await cluster.reader.readMetadata({ topics: [topic] })
    return topics.every(({ partitions }) =>
      partitions.every(({ isr, leader }) => leader !== follower && !isr.includes(follower)),
    )
  }
  const fallBehind = async (topic: string, follower: number): Promise<void> => {
    lab.pause(follower)
    try {
      const without = `${topic} goes on without broker ${follower}`
      await until(without, AWAY_MS, () => isWithout(topic, follower))
      // A client that begins with the stopped broker waits for half a minute.
      const awake = lab.brokers.filter(({ state }) => state === 'running')
      const servers = awake.map(({ host, advertisedPort }) => `${host}:${advertisedPort}`)
      await flood(servers, topic)
    } finally {
      lab.resume(follower)
    }
  }
  const klinic: Ward['klinic'] = (...args) =>
    runCommand([...args, '--bootstrap-server', lab.bootstrapServers], folder)
  return {
    cluster,
    klinic,
    execute: (file, ...flags) =>
      klinic('reassign', 'execute', file, '--confirm', lab.clusterId, ...flags),
    file: (name) => join(folder, name),
    blockers: ({ stdout }) =>
      (JSON.parse(stdout) as Plan).findings
        .filter(({ severity }) => severity === 'blocker')
        .map(({ code }) => code),
    lists: async (broker) => {
      const { brokers } = await cluster.reader.readMetadata({ topics: [] })
      return brokers.some(({ id }) => id === broker)
    },
    isWhole,
    untilWhole: (withinMs) => until('every replica is in sync', withinMs, () => isWhole()),
    untilWholeBut: (dead, withinMs, topics) =>
      until('every replica on a live broker is in sync', withinMs, () => isWholeBut(dead, topics)),
    until,
    electPreferred: async () => {
      const { topics } = await cluster.snapshot()
      const astray = topics.flatMap(({ name, partitions }) =>
        partitions
          .filter(({ leader, replicas }) => leader !== replicas[0])
          .map(({ id }) => ({ topic: name, partition: id })),
      )
      if (astray.length > 0) await cluster.writer.electPreferredLeaders(astray)
    },
    holdBack: async (topic, follower) => {
      await throttle(topic, follower, 'set')
      for (let attempt = 1; attempt <= 3; attempt++) {
        // A broker that is stopped before it has heard of its throttle fetches at full speed when it is back.
        await sleep(HEARD_MS)
        await fallBehind(topic, follower)
        await sleep(HEARD_MS)
        if (await isWithout(topic, follower)) return
      }
      throw new Error(`broker ${follower} catches up with ${topic}, whatever its throttle is`)
    },
    letGo: async (topic, follower) => {
      await throttle(topic, follower, 'delete')
    },
    mark: () => {
      const [state, copy] = [join(folder, 'state'), mkdtempSync(join(folder, 'mark-'))]
      cpSync(state, copy, { recursive: true })
      return () => {
        rmSync(state, { recursive: true, force: true })
        cpSync(copy, state, { recursive: true })
      }
    },
    forget: () => rmSync(join(folder, 'state'), { recursive: true, force: true }),
    close: () => cluster.close(),
  }
}
