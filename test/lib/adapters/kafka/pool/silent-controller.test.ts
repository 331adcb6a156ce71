import { afterEach, describe, expect, it } from 'vitest'

import type { KafkaPool } from '../../../../../src/lib/adapters/kafka/pool/kafka-pool.js'
import { openKafkaPool } from '../../../../../src/lib/adapters/kafka/pool/kafka-pool.js'
import { listPartitionReassignments } from '../../../../../src/lib/adapters/kafka/protocol/apis/list-partition-reassignments.js'
import { metadata } from '../../../../../src/lib/adapters/kafka/protocol/apis/metadata.js'
import { type Asked, listenAsKraftMember, type Listener } from './hostile-broker.js'

const TIMEOUT_MS = 1_600
const BROKERS = 9

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Cluster {
  readonly pool: KafkaPool
  readonly brokers: readonly Listener[]
  readonly asked: Asked[]
}

async function clusterThat({
  thinksMs = 0,
  timeoutMs = TIMEOUT_MS,
  bootstrapServers = 1,
}): Promise<Cluster> {
  const ports: number[] = []
  const asked: Asked[] = []
  const brokers: Listener[] = []
  for (let index = 0; index < BROKERS; index++) {
    const broker = await listenAsKraftMember(ports, asked, thinksMs)
    brokers.push(broker)
    closing.push(() => broker.close())
  }
  ports.push(...brokers.map(({ port }) => port))
  const pool = openKafkaPool({
    bootstrapServers: ports.slice(0, bootstrapServers).map((port) => `127.0.0.1:${port}`),
    clientId: 'klinic-test',
    connectTimeoutMs: timeoutMs,
    requestTimeoutMs: timeoutMs,
  })
  closing.unshift(() => pool.close())
  await pool.cluster()
  asked.length = 0
  return { pool, brokers, asked }
}

const listMoves = (pool: KafkaPool): Promise<unknown> =>
  pool.read(listPartitionReassignments, { timeoutMs: TIMEOUT_MS })

const timesOf = (asked: readonly Asked[], { apiKey }: { apiKey: number }): number[] =>
  asked.filter((one) => one.apiKey === apiKey).map(({ atMs }) => atMs)

describe('a controller that is silent', { timeout: 20_000 }, () => {
  it('is waited for by three brokers, one begun after the other, and by no more of them', async () => {
    const { pool, asked } = await clusterThat({})
    const startedMs = performance.now()
    await expect(listMoves(pool)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' })
    expect(performance.now() - startedMs).toBeLessThan(3 * TIMEOUT_MS)
    const times = timesOf(asked, listPartitionReassignments)
    expect(times).toHaveLength(3)
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(TIMEOUT_MS / 4)
    expect(timesOf(asked, metadata)).toEqual([])
  })

  it('does not make the brokers count as hung', async () => {
    const { pool } = await clusterThat({})
    await expect(listMoves(pool)).rejects.toThrow('has to ask the controller')
    for (let index = 0; index < BROKERS; index++) {
      const answer = await pool.request({ brokerId: 7 + index }, metadata, { topics: [] })
      expect(answer.brokers).toHaveLength(BROKERS)
    }
  })

  it('keeps nobody from what the brokers can tell themselves', async () => {
    const { pool } = await clusterThat({ timeoutMs: 20_000 })
    listMoves(pool).catch(() => undefined)
    const { response } = await pool.read(metadata, { topics: [] })
    expect(response.brokers).toHaveLength(BROKERS)
  })

  it('costs no second turn where a broker is gone besides', async () => {
    const { pool, brokers, asked } = await clusterThat({ bootstrapServers: 2 })
    brokers[0]?.close()
    await expect(listMoves(pool)).rejects.toThrow('did not answer')
    expect(timesOf(asked, listPartitionReassignments)).toHaveLength(3)
  })
})

describe('a big answer', () => {
  it('is not worked out by one broker after the other in the first second', async () => {
    const { pool, asked } = await clusterThat({ thinksMs: 1_500, timeoutMs: 5_000 })
    await pool.read(metadata, { topics: [] })
    const [first = 0, second = Infinity] = timesOf(asked, metadata)
    expect(second - first).toBeGreaterThan(700)
  }, 20_000)
})

describe('a network that stalls', () => {
  it('costs a look at who is there a few time-outs, and not one for each broker', async () => {
    const { pool, brokers } = await clusterThat({ timeoutMs: 800 })
    for (const broker of brokers) broker.hang()
    const startedMs = performance.now()
    await expect(pool.refresh()).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' })
    expect(performance.now() - startedMs).toBeLessThan(BROKERS * 800)
  })

  it('is asked about once by all who need it at the same time', async () => {
    const { pool, asked } = await clusterThat({ timeoutMs: 20_000, thinksMs: 50 })
    await Promise.all([pool.refresh(), pool.refresh(), pool.refresh()])
    expect(timesOf(asked, metadata)).toHaveLength(1)
  })
})
