import { describe, expect, it } from 'vitest'

import { parseSnapshot } from '../../../src/lib/model/parse-snapshot.js'
import type { BrokerEvidence } from '../../../src/lib/model/evidence.js'
import type {
  Broker,
  Partition,
  Snapshot,
  Topic,
  TrafficOrigin,
} from '../../../src/lib/model/snapshot.js'

/** Every optional field is there: a field that the schema does not know makes the round trip fail. */
const traffic: Required<TrafficOrigin> = {
  from: '2026-11-21T10:00:00.000Z',
  to: '2026-11-21T11:00:00.000Z',
  statistic: 'max',
  source: 'admin',
  unseenShare: 0.1,
  notices: ['readers that never commit are not seen'],
}
const evidence: Required<BrokerEvidence> = {
  registered: 'no',
  registeredAt: '2026-11-21T09:00:00.000Z',
  port: 'timed-out',
  sshPort: 'refused',
  api: 'TIMED_OUT',
  awayAt: '2026-11-21T10:00:00.000Z',
  silentAt: '2026-11-21T10:00:00.000Z',
  behindAt: '2026-11-21T10:00:00.000Z',
  returnedAt: '2026-11-21T09:30:00.000Z',
  lastSampleAt: '2026-11-21T09:59:00.000Z',
  traffic: { at: '2026-11-21T09:59:00.000Z', inBytesPerSec: 1, outBytesPerSec: 2 },
}
const broker: Required<Broker> = {
  id: 1,
  host: 'kafka1',
  port: 9092,
  rack: 'a',
  state: 'dead',
  fenced: true,
  unreachable: 'TIMED_OUT',
  capacity: { inBytesPerSec: 1, outBytesPerSec: 2, diskBytes: 3 },
  logDirs: [{ path: '/d', totalBytes: 3, usableBytes: 2, error: 'KAFKA_STORAGE_ERROR' }],
  lastSeen: '2026-11-21T10:00:00.000Z',
  evidence,
}
const partition: Required<Partition> = {
  id: 0,
  replicas: [1, 2],
  isr: [1],
  leader: null,
  adding: [2],
  removing: [1],
  bytesInPerSec: 1,
  bytesOutPerSec: 2,
  sizeBytes: 3,
  logDirs: ['/d', null],
  offlineReplicas: [1],
}
const topic: Required<Topic> = {
  name: 'orders',
  topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
  minInsyncReplicas: 1,
  partitions: [partition],
}
const note = {
  user: 'anna',
  host: 'ops-1',
  reason: 'new disks',
  since: '2026-11-21T10:00:00.000Z',
  until: '2026-11-21T12:00:00.000Z',
}
const snapshot: Required<Snapshot> = {
  format: 'klinic.snapshot/1',
  cluster: { id: 'c', name: 'n', metadata: 'zookeeper', controller: 1 },
  capturedAt: '2026-11-21T11:00:00.000Z',
  traffic,
  maintenance: {
    cluster: note,
    brokers: [{ ...note, broker: 2 }],
    unread: { code: 'c', message: 'm' },
  },
  brokers: [broker, { id: 2, host: 'kafka2', port: 9092, state: 'alive' }],
  topics: [topic],
  throttles: [{ resource: 'topic', name: 'orders', key: 'k', value: 'v' }],
  warnings: ['w'],
  unread: [{ part: 'log dirs', subject: 'broker 1', code: 'TIMED_OUT', message: 'm' }],
  partialView: { hiddenPartitions: 1, examples: ['orders-1'] },
  zookeeperLeftovers: [{ path: '/admin/x', data: '{}' }],
}

describe('a snapshot file', () => {
  it('brings back every field that a snapshot can have', () => {
    expect(parseSnapshot(JSON.stringify(snapshot), 'test')).toEqual(snapshot)
  })

  it('names the place of an unknown field', () => {
    const text = JSON.stringify({ ...snapshot, brokerz: [] })
    expect(() => parseSnapshot(text, 'cluster.json')).toThrow('brokerz')
  })
})
