import { afterEach, describe, expect, it } from 'vitest'

import { openKafkaReader } from '../../../../../src/lib/adapters/kafka/open-kafka-reader.js'
import type { ClusterReader } from '../../../../../src/lib/ports/cluster-reader.js'
import { listenAsMember, type Listener } from './hostile-broker.js'

const TIMEOUT_MS = 4_000

const listeners: Listener[] = []
const readers: ClusterReader[] = []
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.close()
  for (const listener of listeners.splice(0)) listener.close()
})

async function member(...args: Parameters<typeof listenAsMember>): Promise<Listener> {
  const listener = await listenAsMember(...args)
  listeners.push(listener)
  return listener
}

/** Brokers of one cluster, each of which knows all of them. */
async function clusterOf(size: number): Promise<{ brokers: Listener[]; ports: number[] }> {
  const ports: number[] = []
  const brokers: Listener[] = []
  for (let index = 0; index < size; index++) brokers.push(await member(ports))
  ports.push(...brokers.map(({ port }) => port))
  return { brokers, ports }
}

async function readerOf(...ports: readonly number[]): Promise<ClusterReader> {
  const reader = await openKafkaReader({
    bootstrapServers: ports.map((port) => `127.0.0.1:${port}`),
    clientId: 'klinic-test',
    connectTimeoutMs: TIMEOUT_MS,
    requestTimeoutMs: TIMEOUT_MS,
  })
  readers.push(reader)
  return reader
}

const look = async (reader: ClusterReader): Promise<number[]> =>
  (await reader.readMetadata({ topics: [] })).brokers.map(({ id }) => id)

describe('a run that has gone on for long', () => {
  it('reaches the cluster through the last of its brokers when all others are gone', async () => {
    const { brokers, ports } = await clusterOf(6)
    const reader = await readerOf(...ports.slice(0, 3))
    expect(await look(reader)).toEqual([7, 8, 9, 10, 11, 12])
    for (const broker of brokers.slice(0, 5)) broker.close()
    expect(await look(reader)).toEqual([7, 8, 9, 10, 11, 12])
  })

  it('asks the bootstrap servers again when every broker that it knows is gone', async () => {
    const { brokers, ports } = await clusterOf(2)
    const later: number[] = []
    const front = await member(later)
    const reader = await readerOf(ports[0] ?? 0, front.port)
    expect(await look(reader)).toEqual([7, 8])
    const moved = await clusterOf(3)
    later.push(...moved.ports)
    for (const broker of brokers) broker.close()
    expect(await look(reader)).toEqual([7, 8, 9])
    front.close()
    expect(await look(reader)).toEqual([7, 8, 9])
  })

  it('does not take another cluster behind a bootstrap server for its own', async () => {
    const { brokers, ports } = await clusterOf(2)
    const strangers: number[] = []
    const stranger = await member(strangers, undefined, 'another-cluster')
    strangers.push(stranger.port)
    const reader = await readerOf(ports[0] ?? 0, stranger.port)
    expect(await look(reader)).toEqual([7, 8])
    for (const broker of brokers) broker.close()
    const failure = { code: 'CLUSTER_UNREACHABLE', exit: 'unreachable' }
    await expect(look(reader)).rejects.toMatchObject(failure)
    await expect(look(reader)).rejects.toThrow('belongs to cluster another-cluster by now')
  })

  it('passes over brokers that hang, however many they are, to those that have not had their turn', async () => {
    const { brokers, ports } = await clusterOf(9)
    const reader = await readerOf(ports[0] ?? 0)
    expect(await look(reader)).toHaveLength(9)
    for (const broker of brokers.slice(0, 8)) broker.hang()
    expect(await look(reader)).toHaveLength(9)
  }, 30_000)

  it('finds its brokers again once they are back, although none answered in between', async () => {
    const { brokers, ports } = await clusterOf(2)
    const late: number[] = []
    const front = await member(late)
    const reader = await readerOf(ports[0] ?? 0, front.port)
    expect(await look(reader)).toEqual([7, 8])
    for (const broker of brokers) broker.close()
    await expect(look(reader)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' })
    late.push(front.port)
    expect(await look(reader)).toEqual([7])
  })
})

describe('a broker that names no broker', () => {
  it('is passed over: it has just started, and would take every topic for deleted', async () => {
    const { brokers, ports } = await clusterOf(2)
    const known = [...ports]
    const blank = await member(known)
    known.unshift(blank.port)
    const reader = await readerOf(blank.port)
    expect(await look(reader)).toEqual([7, 8, 9])
    known.length = 0
    expect(await look(reader)).toEqual([7, 8])
    expect(brokers).toHaveLength(2)
  })

  it('fails the look when no other answers, and says why', async () => {
    const known: number[] = []
    const blank = await member(known)
    known.push(blank.port)
    const reader = await readerOf(blank.port)
    expect(await look(reader)).toEqual([7])
    known.length = 0
    const failure = { code: 'CLUSTER_UNREACHABLE', exit: 'unreachable' }
    await expect(look(reader)).rejects.toMatchObject(failure)
    await expect(look(reader)).rejects.toThrow('it names no broker')
    await expect(reader.readMetadata({ fromBroker: 7 })).rejects.toThrow('it names no broker')
  })
})
