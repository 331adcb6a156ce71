import { describe, expect, it } from 'vitest'

import { diagnose, groupReasons, type DiagnosisOptions } from '../../../src/lib/health/diagnose.js'
import { REPLICA_REASONS } from '../../../src/lib/health/reasons/reason.js'
import type { Broker, Partition, Snapshot } from '../../../src/lib/model/snapshot.js'
import { cluster, topic } from './cluster-builder.js'
import { ago, gone, hanging, lagging, well } from './evidence-builder.js'

const MIB = 1_048_576
const carrying = (id: number, inMiB: number, outMiB: number): Broker =>
  well(id, {
    capacity: { inBytesPerSec: 35 * MIB, outBytesPerSec: 80 * MIB },
    evidence: {
      traffic: { at: ago(1), inBytesPerSec: inMiB * MIB, outBytesPerSec: outMiB * MIB },
    },
  })

function explain(
  brokers: readonly Broker[],
  partition: Omit<Partition, 'id'>,
  options: DiagnosisOptions = {},
) {
  const snapshot = cluster({ brokers, topics: [topic('t', [partition])] })
  return diagnose(snapshot, options).reasons
}
const codes = (...args: Parameters<typeof explain>): readonly string[] =>
  explain(...args).map(({ broker, cause }) => `${broker} ${cause.code}`)

describe('the reason of a replica that is out of sync', () => {
  const behind = lagging([1, 2], [1])

  it('is the failure of the follower, dead or hung, since when and with its evidence', () => {
    const [dead] = explain([well(1), gone(2, 30)], behind)
    expect(dead?.cause).toMatchObject({ code: 'FOLLOWER_FAILURE', blamed: 2, since: ago(30) })
    expect(dead?.cause.text).toContain('port 9092 refuses connections')
    expect(codes([well(1), hanging(2, 30)], behind)).toEqual(['2 FOLLOWER_FAILURE'])
  })

  it('is the failure of the leader that the follower cannot copy from', () => {
    const hung = { ...hanging(1, 30), state: 'alive' as const }
    expect(codes([hung, well(2)], lagging([1, 2], [1]))).toEqual(['2 LEADER_FAILURE'])
  })

  it('is the want of a leader, for every replica, when all that were in sync are gone', () => {
    const dead = [gone(1, 30), gone(2, 30), well(3)]
    const [first, second] = explain(dead, { replicas: [1, 3], isr: [1], leader: null })
    expect([first?.cause.code, second?.cause.code]).toEqual(['NO_LEADER', 'NO_LEADER'])
    expect(second?.cause.text).toContain('no leader: broker 1 is dead')
  })

  it('is a network of the follower that is full, with the rate and the limit', () => {
    const [full] = explain([carrying(1, 5, 10), carrying(2, 36, 10)], behind)
    expect(full?.cause).toMatchObject({
      code: 'FOLLOWER_NETWORK_SATURATED',
      blamed: 2,
      measured: { resource: 'in', bytesPerSec: 36 * MIB, limitBytesPerSec: 35 * MIB, at: ago(1) },
    })
    expect(full?.cause.text).toContain('103 % of its limit of 36.7 MB/s')
  })

  it('is a network of the leader that is full', () => {
    expect(codes([carrying(1, 5, 81), carrying(2, 5, 10)], behind)).toEqual([
      '2 LEADER_NETWORK_SATURATED',
    ])
  })

  it('holds traffic against limits of the flags as well, and against none where none is known', () => {
    const brokers = [carrying(1, 5, 10), carrying(2, 20, 10)]
    expect(codes(brokers, behind)).toEqual(['2 UNKNOWN'])
    expect(codes(brokers, behind, { limit: 0.5 })).toEqual(['2 FOLLOWER_NETWORK_SATURATED'])
    expect(codes(brokers, behind, { outLimit: 10 * MIB })).toEqual(['2 FOLLOWER_NETWORK_SATURATED'])
    const without = brokers.map(({ capacity: _none, ...rest }) => rest)
    expect(codes(without, behind)).toEqual(['2 UNKNOWN'])
  })

  it('is a log directory that failed, by name, also without a leader', () => {
    const dirs = [{ path: '/d1' }, { path: '/d2', error: 'KAFKA_STORAGE_ERROR' }]
    const sick = well(2, { logDirs: dirs })
    const [reason] = explain([well(1), sick], { ...behind, offlineReplicas: [2] })
    expect(reason?.cause).toMatchObject({ code: 'DEGRADED_HARDWARE', blamed: 2 })
    expect(reason?.cause.text).toBe(
      'log directory /d2 of broker 2 has failed (KAFKA_STORAGE_ERROR)',
    )
    const alone = { replicas: [2], isr: [2], leader: null, offlineReplicas: [2] }
    expect(codes([well(1), sick], alone)).toEqual(['2 DEGRADED_HARDWARE'])
    const elsewhere = { ...behind, logDirs: ['/d1', '/d1'] }
    expect(codes([well(1), sick], elsewhere)).toEqual(['2 UNKNOWN'])
  })

  it('is a reassignment that is adding or removing it, which is no fault', () => {
    const moving = { replicas: [3, 1, 2], isr: [1], leader: 1, adding: [3], removing: [2] }
    expect(codes([well(1), well(2), well(3)], moving)).toEqual([
      '3 REASSIGNMENT_IN_PROGRESS',
      '2 REASSIGNMENT_IN_PROGRESS',
    ])
  })

  it('is a restart while the broker may come back, or is catching up, and for want of its leader too', () => {
    expect(codes([well(1), gone(2, 3)], behind)).toEqual(['2 RESTART_IN_PROGRESS'])
    const back = well(2, { evidence: { returnedAt: ago(2) } })
    expect(codes([well(1), back], behind)).toEqual(['2 RESTART_IN_PROGRESS'])
    const alone = { replicas: [2], isr: [2], leader: null }
    expect(codes([well(1), gone(2, 3)], alone)).toEqual(['2 RESTART_IN_PROGRESS'])
  })

  it('is unknown where nothing of all that holds', () => {
    expect(codes([well(1), well(2)], behind)).toEqual(['2 UNKNOWN'])
  })

  it('is unknown, and names the throttle that holds it back, where a list and a rate do so together', () => {
    const list = {
      resource: 'topic',
      name: 't',
      key: 'follower.replication.throttled.replicas',
      value: '1:9,0:2',
    } as const
    const rate = {
      resource: 'broker',
      name: '2',
      key: 'follower.replication.throttled.rate',
      value: '1',
    } as const
    const textWith = (throttles: Snapshot['throttles'] = []): string => {
      const snapshot = cluster({
        brokers: [well(1), well(2)],
        topics: [topic('t', [behind])],
        throttles,
      })
      const [reason] = diagnose(snapshot).reasons
      expect(reason?.cause.code).toBe('UNKNOWN')
      return reason?.cause.text ?? ''
    }
    expect(textWith([list, rate])).toContain(
      'a replication throttle stands on it (broker 2 follower.replication.throttled.rate=1)',
    )
    const leading = [
      { ...list, key: 'leader.replication.throttled.replicas', value: '*' },
      { ...rate, name: '', key: 'leader.replication.throttled.rate' },
    ]
    expect(textWith(leading)).toContain('(broker 1 leader.replication.throttled.rate=1)')
    for (const harmless of [[list], [rate], [{ ...list, value: '0:1' }, rate]])
      expect(textWith(harmless)).not.toContain('throttle')
  })

  it('stands under one of the published names, each of which these tests have shown', () => {
    expect(REPLICA_REASONS).toHaveLength(9)
  })

  it('names the one of four that is out of sync (brokers 7016 to 7018)', () => {
    const brokers = [7011, 7016, 7017, 7018].map((id) => ({ ...well(1), id }))
    const partition = { replicas: [7017, 7011, 7018, 7016], isr: [7017, 7011, 7016], leader: 7016 }
    expect(codes(brokers, partition)).toEqual(['7018 UNKNOWN'])
  })

  it('is shared by all replicas that it explains', () => {
    const topics = [
      topic(
        't',
        Array.from({ length: 5 }, () => behind),
      ),
    ]
    const snapshot = cluster({ brokers: [well(1), gone(2, 30)], topics })
    const groups = groupReasons(diagnose(snapshot).reasons)
    expect(groups).toMatchObject([{ broker: 2, partitions: ['t-0', 't-1', 't-2', 't-3', 't-4'] }])
  })
})
