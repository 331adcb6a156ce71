import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

import { Kafka, logLevel } from 'kafkajs'

import type { ClusterReader } from '../../src/lib/ports/cluster-reader.js'
import { recordChild } from '../lab/children.js'
import { resolveKafka } from '../lab/jars.js'
import { javaCommand } from '../lab/java.js'
import type { Lab } from '../lab/index.js'

/** A record that Kafka acknowledged: where it said that it stands. */
export interface Acked {
  readonly value: string
  readonly partition: number
  readonly offset: number
}

/** A producer under way: Kafka's own, with acks=all and idempotence, which numbers its records. */
export interface NumberedProducer {
  /** Stops it and gives every record that was acknowledged. */
  stop(): Promise<{ readonly acked: readonly Acked[]; readonly errors: number }>
}

const STOP_MS = 60_000
/** Records are `<mark>.<number>`: those of another producer, left over from a run before on the same ports, tell themselves. */
const MARKS = 1_000_000

/** Starts a producer of numbered records; returns when its first record is acknowledged. */
export async function startNumberedProducer(
  lab: Lab,
  topic: string,
  recordsPerSec: number,
): Promise<NumberedProducer> {
  const mark = String((Date.now() + process.pid) % MARKS)
  const properties = `${lab.dir}/numbered.properties`
  writeFileSync(
    properties,
    'acks=all\nenable.idempotence=true\nretries=2147483647\ndelivery.timeout.ms=120000\n',
  )
  const [command = 'java', ...args] = javaCommand(lab.layout, {
    jars: await resolveKafka(lab.layout.version),
    heapMb: 96,
    quiet: true,
    main: 'org.apache.kafka.tools.VerifiableProducer',
    args: [
      ...['--bootstrap-server', lab.bootstrapServers, '--topic', topic, '--acks', '-1'],
      ...['--throughput', String(recordsPerSec), '--repeating-keys', '5000'],
      ...['--value-prefix', mark],
      ...['--producer.config', properties],
    ],
  })
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  // Recorded with the lab, which ends it when this process does, however that happens.
  if (child.pid !== undefined) recordChild(lab.dir, `numbered-${child.pid}`, child.pid)
  const acked: Acked[] = []
  let errors = 0
  let onFirst: () => void = () => undefined
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const first = new Promise<void>((resolve) => (onFirst = resolve))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as { readonly name: string } & Acked
    if (event.name === 'producer_send_error') errors += 1
    if (event.name !== 'producer_send_success') return
    acked.push({ value: event.value, partition: event.partition, offset: event.offset })
    onFirst()
  })
  await Promise.race([first, ended])
  if (child.exitCode !== null) throw new Error('the producer of numbered records did not start')
  return {
    stop: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      child.kill('SIGTERM')
      await ended
      clearTimeout(timer)
      return { acked, errors }
    },
  }
}

/** A numbered record as it stands in the log. */
export type Read = Acked

/** Reads the numbered records of a topic back from its beginning, with a consumer of its own. */
export async function readNumbered(
  bootstrapServers: string,
  topic: string,
  reader: ClusterReader,
): Promise<readonly Read[]> {
  const ends = await endOffsets(topic, reader)
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: `read-back-${topic}-${Date.now()}` })
  const open = new Set([...ends].filter(([, end]) => end > 0).map(([partition]) => partition))
  const read: Read[] = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${open.size} partitions were not read back in three minutes`)),
      180_000,
    )
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    if (open.size === 0) done()
    consumer
      .run({
        eachBatch: ({ batch }) => {
          for (const { value, offset } of batch.messages) {
            const text = value?.toString() ?? ''
            if (!/^\d+\.\d+$/.test(text)) continue
            read.push({ value: text, partition: batch.partition, offset: Number(offset) })
          }
          if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0))
            open.delete(batch.partition)
          if (open.size === 0) done()
          return Promise.resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return read
}

async function endOffsets(
  topic: string,
  reader: ClusterReader,
): Promise<ReadonlyMap<number, number>> {
  const { topics } = await reader.readMetadata({ topics: [topic] })
  const partitions = topics.flatMap((found) => found.partitions.map(({ id }) => id))
  const asked = partitions.map((partition) => ({ topic, partition }))
  const ends = new Map<number, number>()
  for (const answer of await reader.readOffsets(asked, 'latest')) {
    if (!answer.ok) throw new Error(`${topic}-${answer.partition}: ${answer.error}`)
    ends.set(answer.partition, answer.offset)
  }
  return ends
}

const markOf = (value: string): string => value.split('.')[0] ?? ''
const numberOf = (value: string): number => Number(value.split('.')[1])

/** What is wrong with the log: an acked record that is gone or doubled, records out of order, or somebody else's. */
export function compareRecords(acked: readonly Acked[], read: readonly Read[]): readonly string[] {
  const mark = markOf(acked[0]?.value ?? '')
  const ours = read.filter(({ value }) => markOf(value) === mark)
  const others = read.length - ours.length
  const places = new Map<string, string[]>()
  for (const { value, partition, offset } of ours)
    places.set(value, [...(places.get(value) ?? []), `${partition}@${offset}`])
  return [
    ...(others === 0 ? [] : [`${others} records are of another producer`]),
    ...outOfOrder(ours),
    ...[...places]
      .filter(([, at]) => at.length > 1)
      .map(([value, at]) => `record ${value} stands there ${at.length} times: ${at.join()}`),
    ...misplaced(acked, places),
  ]
}

function outOfOrder(read: readonly Read[]): readonly string[] {
  const problems: string[] = []
  const last = new Map<number, number>()
  for (const { value, partition } of read) {
    if (numberOf(value) <= (last.get(partition) ?? -1))
      problems.push(`record ${value} stands behind a later one in partition ${partition}`)
    last.set(partition, numberOf(value))
  }
  return problems
}

function misplaced(
  acked: readonly Acked[],
  places: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return acked.flatMap(({ value, partition, offset }) => {
    const found = places.get(value)?.[0]
    if (found === undefined) return [`acked record ${value} of partition ${partition} is lost`]
    const wanted = `${partition}@${offset}`
    return found === wanted ? [] : [`acked record ${value} stands at ${found}, not at ${wanted}`]
  })
}
