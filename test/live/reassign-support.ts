import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Kafka, logLevel } from 'kafkajs'

import { systemClock } from '../../src/lib/adapters/system/clock.js'
import { openKafkaReader } from '../../src/lib/adapters/kafka/open-kafka-reader.js'
import { openKafkaWriter } from '../../src/lib/adapters/kafka/open-kafka-writer.js'
import type { Snapshot } from '../../src/lib/model/snapshot.js'
import { fingerprintOfSteps, sealPlan } from '../../src/lib/plan/assemble-plan.js'
import { importKafkaJson } from '../../src/lib/plan/import-kafka-json.js'
import { toKafkaJson, type WantedList } from '../../src/lib/plan/kafka-json.js'
import { formatPlan } from '../../src/lib/plan/format-plan.js'
import type { Plan } from '../../src/lib/plan/plan.js'
import type { ClusterReader } from '../../src/lib/ports/cluster-reader.js'
import type { ClusterWriter } from '../../src/lib/ports/cluster-writer.js'
import type { KafkaConnection } from '../../src/lib/ports/connection.js'
import { readSnapshot } from '../../src/lib/reading/read-snapshot.js'
import { startKlinic, type Ran, type Running } from '../klinic-process.js'

/** A directory of its own for plans and for the state of the commands under test. */
export const directory = mkdtempSync(join(tmpdir(), 'klinic-reassign-'))

/** Starts klinic on the host of these tests. */
export function start(args: readonly string[]): Running {
  return startKlinic(args, join(directory, 'state'))
}

/** Runs klinic to its end. */
export function run(args: readonly string[]): Promise<Ran> {
  return start(args).ended
}

/** Waits until `check` holds; fails after `withinMs`. */
export async function until(
  what: string,
  withinMs: number,
  check: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** A cluster as the tests look at it. */
export interface Looked {
  readonly reader: ClusterReader
  readonly writer: ClusterWriter
  snapshot(): Promise<Snapshot>
  /** Replica lists and leaders by partition, and all throttles: what an execution may change. */
  state(): Promise<{
    readonly lists: Record<string, string>
    readonly throttles: Snapshot['throttles']
  }>
  /** Writes a plan made from these lists against the cluster of now; returns the file. */
  planFile(
    name: string,
    lists: readonly WantedList[],
    change?: (plan: Plan) => Plan,
  ): Promise<string>
  close(): Promise<void>
}

/** Opens a reader and a writer on the cluster under test. */
export async function look(bootstrapServers: string): Promise<Looked> {
  const connection: KafkaConnection = {
    bootstrapServers: bootstrapServers.split(','),
    clientId: 'klinic-test',
    connectTimeoutMs: 5000,
    requestTimeoutMs: 10_000,
  }
  const reader = await openKafkaReader(connection)
  const writer = openKafkaWriter(connection)
  const snapshot = () => readSnapshot(reader, { clock: systemClock })
  return {
    reader,
    writer,
    snapshot,
    state: async () => {
      const { topics, throttles = [] } = await snapshot()
      const lists = topics.flatMap(({ name, partitions }) =>
        partitions.map(
          ({ id, replicas, leader }) =>
            [`${name}-${id}`, `${replicas.join(',')} led by ${leader ?? 'nobody'}`] as const,
        ),
      )
      return { lists: Object.fromEntries(lists), throttles }
    },
    planFile: async (name, lists, change = (plan) => plan) => {
      const text = toKafkaJson(lists)
      const options = { allowReplicationFactorChange: false }
      const plan = seal(change(importKafkaJson(text, name, await snapshot(), options)))
      const path = join(directory, name)
      writeFileSync(path, formatPlan(plan))
      return path
    },
    close: async () => {
      await Promise.all([reader.close(), writer.close()])
    },
  }
}

/** A plan that was changed for a test is another plan, and no edited one. */
function seal({ id: _id, ...content }: Plan): Plan {
  const { cluster, steps } = content
  const fingerprint = fingerprintOfSteps(cluster.id, steps)
  return sealPlan({ ...content, cluster: { ...cluster, fingerprint } })
}

/** Writes about `megabytes` to each of the partitions. */
export async function fill(
  bootstrapServers: string,
  topic: string,
  partitions: readonly number[],
  megabytes: number,
): Promise<void> {
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING })
  const producer = kafka.producer()
  await producer.connect()
  const value = Buffer.alloc(500_000, 'x')
  for (let half = 0; half < megabytes * 2; half++) {
    const messages = partitions.map((partition) => ({ partition, value }))
    await producer.send({ topic, messages, acks: -1 })
  }
  await producer.disconnect()
}
