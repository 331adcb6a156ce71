import { describe, expect, it } from 'vitest'
import { checkHealth } from '../../../src/lib/health/check-health.js'
import type { Finding } from '../../../src/lib/model/finding.js'
import type { Snapshot } from '../../../src/lib/model/snapshot.js'
import { broker, cluster, healthy, topic } from './cluster-builder.js'

const codes = (snapshot: Snapshot): readonly string[] => checkHealth(snapshot).map((f) => f.code)

function only(snapshot: Snapshot, code: string): Finding {
  const found = checkHealth(snapshot).filter((finding) => finding.code === code)
  expect(found).toHaveLength(1)
  return found[0]!
}

describe('the health of a cluster', () => {
  it('finds nothing wrong with a whole cluster', () => {
    const topics = [topic('orders', [healthy(1, 2, 3), healthy(2, 3, 1)], 2)]
    expect(checkHealth(cluster({ topics }))).toEqual([])
  })

  it('names the partitions that have no leader, and the broker that took it along', () => {
    const alone = { replicas: [3], isr: [3], leader: null }
    const snapshot = cluster({
      brokers: [broker(1), broker(2), broker(3, { state: 'dead', host: '', port: 0 })],
      topics: [topic('solo', [healthy(1), alone, alone, alone, alone])],
    })
    const finding = only(snapshot, 'OFFLINE_PARTITIONS')
    expect(finding.severity).toBe('blocker')
    expect(finding.subject).toBe('broker 3')
    expect(finding.message).toBe(
      '4 partitions without a leader while broker 3 is not registered: solo-1, solo-2, solo-3 and 1 more',
    )
    expect(finding.partitions).toEqual(['solo-1', 'solo-2', 'solo-3', 'solo-4'])
  })

  it('takes an empty ISR (eligible leader replicas, Kafka 4) for an offline partition too', () => {
    const topics = [topic('solo', [{ replicas: [3], isr: [], leader: null }])]
    const brokers = [broker(1), broker(2), broker(3, { state: 'dead', fenced: true })]
    expect(codes(cluster({ topics, brokers }))).toContain('OFFLINE_PARTITIONS')
    expect(codes(cluster({ topics, brokers }))).toContain('BROKER_FENCED')
  })

  it('groups under-replicated partitions by the broker that is out of sync', () => {
    const lagging = { replicas: [1, 2, 3], isr: [1, 2], leader: 1 }
    const brokers = [broker(1), broker(2), broker(3, { state: 'dead' })]
    const topics = [topic('orders', [lagging, lagging, healthy(1, 2)], 1)]
    const finding = only(cluster({ brokers, topics }), 'UNDER_REPLICATED')
    expect(finding.subject).toBe('broker 3')
    expect(finding.partitions).toEqual(['orders-0', 'orders-1'])
    expect(finding.message).toContain('follower failure; broker 3 is dead: not registered')
  })

  it('does not call a partition under-replicated for the replicas that a move is adding', () => {
    const moving = { replicas: [3, 1, 2], isr: [1, 2], leader: 1, adding: [3], removing: [2] }
    const found = codes(cluster({ topics: [topic('orders', [moving])] }))
    expect(found).toContain('REASSIGNMENT_IN_FLIGHT')
    expect(found).not.toContain('UNDER_REPLICATED')
  })

  it('says that a move towards a missing broker cannot end', () => {
    const moving = { replicas: [3, 1], isr: [1], leader: 1, adding: [3], removing: [1] }
    const brokers = [broker(1), broker(2), broker(3, { state: 'dead' })]
    const finding = only(
      cluster({ brokers, topics: [topic('orders', [moving])] }),
      'REASSIGNMENT_STUCK',
    )
    expect(finding.subject).toBe('broker 3')
  })

  it('tells partitions below min ISR from those at it', () => {
    const topics = [
      topic(
        'orders',
        [
          { replicas: [1, 2, 3], isr: [1], leader: 1 },
          { replicas: [1, 2, 3], isr: [1, 2], leader: 1 },
          healthy(1, 2, 3),
        ],
        2,
      ),
    ]
    expect(only(cluster({ topics }), 'UNDER_MIN_ISR').partitions).toEqual(['orders-0'])
    expect(only(cluster({ topics }), 'AT_MIN_ISR').partitions).toEqual(['orders-1'])
  })

  it('notes topics whose replication factor leaves no room for a restart', () => {
    const topics = [topic('tight', [healthy(1, 2)], 2), topic('roomy', [healthy(1, 2, 3)], 2)]
    const finding = only(cluster({ topics }), 'RF_NOT_ABOVE_MIN_ISR')
    expect(finding.severity).toBe('info')
    expect(finding.message).toContain(': tight')
  })

  it('does not count leadership that a dead broker cannot have', () => {
    const away = { replicas: [3, 1, 2], isr: [1, 2], leader: 1 }
    const brokers = [broker(1), broker(2), broker(3, { state: 'dead' })]
    const topics = [topic('orders', [away, away])]
    expect(codes(cluster({ brokers, topics }))).not.toContain('LEADER_IMBALANCE')
    expect(codes(cluster({ topics }))).toContain('LEADER_IMBALANCE')
  })

  it('tells a broker that does not answer from one that is gone', () => {
    const brokers = [broker(1), broker(2), broker(3, { unreachable: 'TIMED_OUT' })]
    const snapshot = cluster({
      brokers,
      unread: [
        { part: 'log dirs', subject: 'broker 3', code: 'TIMED_OUT', message: 'no answer in 5 s' },
      ],
    })
    expect(codes(snapshot)).toEqual(['BROKER_UNREACHABLE'])
  })

  it('names the failed log directory and what went with it', () => {
    const dirs = [{ path: '/data/1' }, { path: '/data/2', error: 'KAFKA_STORAGE_ERROR' }]
    const brokers = [broker(1), broker(2, { logDirs: dirs }), broker(3)]
    const topics = [
      topic('orders', [{ replicas: [1, 2], isr: [1], leader: 1, offlineReplicas: [2] }]),
    ]
    const finding = only(cluster({ brokers, topics }), 'LOG_DIR_OFFLINE')
    expect(finding.message).toContain('/data/2 (KAFKA_STORAGE_ERROR), and 1 replica')
  })

  it('calls throttles left behind when nothing is being reassigned', () => {
    const throttles = [
      {
        resource: 'broker' as const,
        name: '1',
        key: 'leader.replication.throttled.rate',
        value: '1000',
      },
    ]
    expect(only(cluster({ throttles }), 'THROTTLES_LEFT').severity).toBe('warning')
    const moving = { replicas: [3, 1], isr: [1], leader: 1, adding: [3], removing: [1] }
    const topics = [topic('orders', [moving])]
    expect(only(cluster({ throttles, topics }), 'THROTTLES_SET').severity).toBe('info')
    const blocked = throttles.map((throttle) => ({ ...throttle, value: '0' }))
    expect(only(cluster({ throttles: blocked }), 'THROTTLES_LEFT').severity).toBe('blocker')
  })

  it('finds partitions on fewer racks than they could stand on', () => {
    const brokers = [1, 2, 3, 4].map((id) => broker(id, { rack: id < 3 ? 'a' : 'b' }))
    const topics = [topic('orders', [healthy(1, 2), healthy(1, 3), healthy(1, 2, 3)])]
    expect(only(cluster({ brokers, topics }), 'RACK_VIOLATION').partitions).toEqual(['orders-0'])
  })

  it('tells a request that was left in ZooKeeper from a deletion that is waiting', () => {
    const zookeeperLeftovers = [
      { path: '/admin/reassign_partitions', data: '{}' },
      { path: '/admin/delete_topics/old', data: '' },
    ]
    const snapshot = cluster({ zookeeperLeftovers })
    expect(only(snapshot, 'ZOOKEEPER_LEFTOVERS').severity).toBe('warning')
    expect(only(snapshot, 'TOPIC_DELETION_PENDING').message).toContain('old')
  })

  it('never calls a cluster healthy of which it sees a part only', () => {
    const partialView = { hiddenPartitions: 7, examples: ['secret-0', 'secret-1'] }
    expect(only(cluster({ partialView }), 'PARTIAL_VIEW').severity).toBe('blocker')
    const unread = [1, 2, 3].map((id) => ({
      part: 'log dirs' as const,
      subject: `broker ${id}`,
      code: 'NOT_AUTHORISED',
      message: 'denied',
    }))
    expect(codes(cluster({ unread }))).toContain('VIEW_NOT_VERIFIED')
  })

  it('reports an unknown controller once', () => {
    const unread = [
      { part: 'controller' as const, subject: 'cluster', code: 'UNKNOWN', message: 'x' },
    ]
    const snapshot = cluster({ cluster: { id: 'x', metadata: 'kraft' }, unread })
    expect(codes(snapshot)).toEqual(['CONTROLLER_UNKNOWN'])
  })

  it('stands the gravest first', () => {
    const topics = [
      topic('a', [healthy(1)]),
      topic('b', [{ replicas: [1, 2], isr: [1], leader: 1 }]),
      topic('c', [{ replicas: [3], isr: [], leader: null }]),
    ]
    const severities = checkHealth(cluster({ topics })).map((finding) => finding.severity)
    expect(severities).toEqual(
      [...severities].sort((a, b) => 'bwi'.indexOf(a[0]!) - 'bwi'.indexOf(b[0]!)),
    )
    expect(severities[0]).toBe('blocker')
  })
})
