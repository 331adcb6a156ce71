import { describe, expect, it } from 'vitest'
import { readSnapshot, type ReadSnapshotOptions } from '../../../src/lib/reading/read-snapshot.js'
import { refusePartialView } from '../../../src/lib/reading/refuse-partial-view.js'
import type { Snapshot } from '../../../src/lib/model/snapshot.js'
import type { ClusterReader, ConfigSource } from '../../../src/lib/ports/cluster-reader.js'
import type { ZooKeeperReader, ZooKeeperView } from '../../../src/lib/ports/zookeeper-reader.js'
import { metadata, partition, stoppedClock, stubReader, unreachable } from './stub-reader.js'

const read = (
  changes: Partial<ClusterReader> = {},
  options: Partial<ReadSnapshotOptions> = {},
): Promise<Snapshot> => readSnapshot(stubReader(changes), { clock: stoppedClock, ...options })

describe('reading a cluster into a snapshot', () => {
  it('takes the size from the leader and the capacity from the volumes', async () => {
    const snapshot = await read({}, { name: 'prod' })
    expect(snapshot.cluster).toEqual({
      id: 'idRtU6h9TruQ_XTdDDEtWw',
      name: 'prod',
      metadata: 'kraft',
      controller: 100,
    })
    expect(snapshot.capturedAt).toBe('2026-11-21T11:00:00.000Z')
    expect(snapshot.topics[0]?.partitions[0]).toMatchObject({
      sizeBytes: 10,
      logDirs: ['/data', '/data'],
    })
    expect(snapshot.brokers[0]?.capacity).toEqual({ diskBytes: 1000 })
    expect(snapshot.warnings).toBeUndefined()
  })

  it('counts a volume that two log directories share once', async () => {
    const dirs = ['/data/a', '/data/b'].map((path) => ({
      path,
      totalBytes: 1000,
      usableBytes: 400,
      replicas: [],
    }))
    const snapshot = await read({
      readLogDirs: (ids) =>
        Promise.resolve(ids.map((brokerId) => ({ brokerId, ok: true, value: dirs }))),
    })
    expect(snapshot.brokers[0]?.capacity?.diskBytes).toBe(1000)
  })

  it('makes a broker that only replica lists name a dead one, with the address known from before', async () => {
    const topics = [{ name: 'orders', internal: false, partitions: [partition(0, [1, 7])] }]
    const knownBrokers = [{ id: 7, host: 'kafka7', port: 9092, rack: 'r7' }]
    const dead = { id: 7, state: 'dead' }
    const readMetadata = (): Promise<ReturnType<typeof metadata>> =>
      Promise.resolve(metadata({ topics }))
    const known = await read({ readMetadata }, { knownBrokers })
    expect(known.brokers.at(-1)).toEqual({ ...dead, host: 'kafka7', port: 9092, rack: 'r7' })
    const unknown = await read({ readMetadata })
    expect(unknown.brokers.at(-1)).toEqual({ ...dead, host: '', port: 0 })
  })

  it('keeps a broker that does not answer alive, and says that it did not', async () => {
    const snapshot = await read({
      readLogDirs: (ids) =>
        Promise.resolve(
          ids.map((brokerId) => ({
            brokerId,
            ok: false,
            failure: { code: 'TIMED_OUT', message: 'no answer within 5 s' },
          })),
        ),
    })
    expect(snapshot.brokers[1]).toMatchObject({ state: 'alive', unreachable: 'TIMED_OUT' })
    expect(snapshot.warnings).toContain(
      'could not read the log dirs of broker 2: no answer within 5 s (TIMED_OUT)',
    )
    expect(snapshot.topics[0]?.partitions[0]?.sizeBytes).toBeUndefined()
  })

  it('turns each question that fails into a warning, and reads the rest', async () => {
    const snapshot = await read({
      readReassignments: () => Promise.reject(unreachable('no controller')),
      readConfigs: () => Promise.reject(unreachable('no broker')),
    })
    expect(snapshot.unread?.map((unread) => unread.part)).toEqual([
      'reassignments',
      'topic configs',
      'broker configs',
    ])
    expect(snapshot.topics).toHaveLength(1)
  })

  it('does not swallow a fault of its own', async () => {
    const readReassignments = (): Promise<never> => Promise.reject(new TypeError('ours'))
    await expect(read({ readReassignments })).rejects.toThrow('ours')
  })

  it('completes the short answer of one broker with that of another, and says so', async () => {
    const snapshot = await read({
      readMetadata: (options) =>
        Promise.resolve(options?.fromBroker === 2 ? metadata() : metadata({ topics: [] })),
    })
    expect(snapshot.topics.map((topic) => topic.name)).toEqual(['orders'])
    expect(snapshot.unread?.[0]).toMatchObject({ part: 'metadata', code: 'VIEWS_DIFFER' })
  })

  it('believes the newer leader epoch when two brokers differ', async () => {
    const newer = partition(0, [1, 2], { leader: 2, leaderEpoch: 2 })
    const topics = [{ name: 'orders', internal: false, partitions: [newer] }]
    const snapshot = await read({
      readMetadata: (options) =>
        Promise.resolve(metadata(options?.fromBroker === 2 ? { topics } : {})),
    })
    expect(snapshot.topics[0]?.partitions[0]?.leader).toBe(2)
    expect(snapshot.warnings).toBeUndefined()
  })

  it('refuses brokers of two clusters behind one address list', async () => {
    const readMetadata: ClusterReader['readMetadata'] = (options) =>
      Promise.resolve(metadata(options?.fromBroker === 2 ? { clusterId: 'other' } : {}))
    await expect(read({ readMetadata })).rejects.toMatchObject({ code: 'CLUSTER_ID_MISMATCH' })
  })

  it('sees that it is shown a part of the cluster only, and refuses to plan on it', async () => {
    const snapshot = await read({
      readMetadata: () => Promise.resolve(metadata({ topics: [] })),
    })
    expect(snapshot.partialView).toEqual({ hiddenPartitions: 1, examples: ['orders-0'] })
    expect(() => refusePartialView(snapshot)).toThrow('1 partition on the brokers')
  })

  it('takes no log directory at all for a missing permission', async () => {
    const snapshot = await read({
      readLogDirs: (ids) =>
        Promise.resolve(ids.map((brokerId) => ({ brokerId, ok: true, value: [] }))),
    })
    expect(snapshot.unread?.map((unread) => unread.code)).toEqual([
      'NOT_AUTHORISED',
      'NOT_AUTHORISED',
    ])
    expect(() => refusePartialView(snapshot)).toThrow('may not read log directories')
  })

  it('marks what a reassignment adds and removes', async () => {
    const topics = [{ name: 'orders', internal: false, partitions: [partition(0, [2, 1])] }]
    const move = { topic: 'orders', partition: 0, replicas: [2, 1], adding: [2], removing: [1] }
    const snapshot = await read({
      readMetadata: () => Promise.resolve(metadata({ topics })),
      readReassignments: () => Promise.resolve([move]),
    })
    expect(snapshot.topics[0]?.partitions[0]).toMatchObject({ adding: [2], removing: [1] })
  })

  it('keeps apart throttles that are set and values that are inherited', async () => {
    const value = (name: string, source: ConfigSource, text: string) => ({
      name,
      value: text,
      source,
      sensitive: false,
    })
    const rate = 'leader.replication.throttled.rate'
    const snapshot = await read({
      readConfigs: (resources) =>
        Promise.resolve(
          resources.map((resource) => {
            if (resource.type === 'topic')
              return { resource, values: [value('min.insync.replicas', 'DEFAULT', '2')] }
            const source = resource.name === '1' ? 'DYNAMIC_BROKER' : 'DYNAMIC_DEFAULT_BROKER'
            return { resource, values: [value(rate, source, '5000')] }
          }),
        ),
    })
    expect(snapshot.topics[0]?.minInsyncReplicas).toBe(2)
    expect(snapshot.throttles).toEqual([
      { resource: 'broker', name: '', key: rate, value: '5000' },
      { resource: 'broker', name: '1', key: rate, value: '5000' },
    ])
  })

  it('groups a thousand denied topics into one warning', async () => {
    const topics = Array.from({ length: 1000 }, (_, i) => ({
      name: `t${i}`,
      internal: false,
      partitions: [],
    }))
    const error = { code: 'TOPIC_AUTHORIZATION_FAILED', message: 'denied' }
    const snapshot = await read({
      readMetadata: () => Promise.resolve(metadata({ topics })),
      readConfigs: (resources) =>
        Promise.resolve(
          resources.map((resource) =>
            resource.type === 'topic' ? { resource, error, values: [] } : { resource, values: [] },
          ),
        ),
      readLogDirs: () => Promise.resolve([]),
    })
    expect(snapshot.unread).toEqual([
      {
        part: 'topic configs',
        subject: 'topic t0 and 999 more',
        code: 'TOPIC_AUTHORIZATION_FAILED',
        message: 'denied',
      },
    ])
  })

  describe('with ZooKeeper', () => {
    const view: ZooKeeperView = {
      clusterId: 'idRtU6h9TruQ_XTdDDEtWw',
      controllerId: 2,
      brokers: [1, 2].map((id) => ({ id, endpoints: [], registeredAtMs: 0 })),
      leftovers: [{ path: '/admin/reassign_partitions', data: '{}' }],
    }
    const zookeeper = (changes: Partial<ZooKeeperView>): ZooKeeperReader => ({
      readCluster: () => Promise.resolve({ ...view, ...changes }),
      close: () => Promise.resolve(),
    })
    const readMetadata = (): Promise<ReturnType<typeof metadata>> =>
      Promise.resolve(metadata({ mode: 'zookeeper', controllerId: 1 }))

    it('believes ZooKeeper about the controller and shows what was left there', async () => {
      const snapshot = await read({ readMetadata }, { zookeeper: zookeeper({}) })
      expect(snapshot.cluster.controller).toBe(2)
      expect(snapshot.zookeeperLeftovers).toHaveLength(1)
    })

    it('does not use the ZooKeeper of another cluster', async () => {
      const other = zookeeper({ clusterId: 'other' })
      const snapshot = await read({ readMetadata }, { zookeeper: other })
      expect(snapshot.cluster.controller).toBe(1)
      expect(snapshot.unread?.[0]?.code).toBe('OTHER_CLUSTER')
    })

    it('reads the rest when ZooKeeper does not answer', async () => {
      const silent = { ...zookeeper({}), readCluster: () => Promise.reject(unreachable('gone')) }
      const snapshot = await read({ readMetadata }, { zookeeper: silent })
      expect(snapshot.unread?.[0]?.part).toBe('zookeeper')
      expect(snapshot.cluster.controller).toBe(1)
    })

    it('says where registrations and Metadata do not agree', async () => {
      const brokers = [1, 3].map((id) => ({
        id,
        endpoints: ['SSL://kafka3:9093'],
        registeredAtMs: 0,
      }))
      const snapshot = await read({ readMetadata }, { zookeeper: zookeeper({ brokers }) })
      expect(snapshot.unread?.map((unread) => unread.message)).toEqual([
        'broker 3 is registered in ZooKeeper, but Metadata does not list it',
        'broker 2 is listed in Metadata, but is not registered in ZooKeeper',
      ])
    })
  })
})
