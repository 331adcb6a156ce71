import { describe, expect, it } from 'vitest'

import { checkHealth } from '../../../src/lib/health/check-health.js'
import { judgeBrokers } from '../../../src/lib/health/verdict/judge-brokers.js'
import type { Broker, Partition } from '../../../src/lib/model/snapshot.js'
import { broker, cluster, healthy, topic } from './cluster-builder.js'
import { ago, gone, hanging, lagging, swallowing, well } from './evidence-builder.js'

const TEN_MINUTES = 600_000

/** The verdict on broker 3, of which by default two partitions have no replica in sync. */
function judge(
  third: Broker,
  partitions: readonly Omit<Partition, 'id'>[] = [lagging([1, 3], [1]), lagging([2, 3], [2])],
  minDeadForMs = TEN_MINUTES,
) {
  const snapshot = cluster({
    brokers: [well(1), well(2), third],
    topics: [topic('orders', partitions)],
  })
  return judgeBrokers(snapshot, minDeadForMs).get(third.id)!
}
const whole = [healthy(1, 3), healthy(2, 3)]

describe('the verdict on a broker', () => {
  it('is dead after the minimum time, with what speaks against it and since when', () => {
    const judged = judge(gone(3, 12))
    expect(judged).toMatchObject({ verdict: 'dead', since: ago(12), forMs: 720_000, replicas: 2 })
    expect(judged.text).toBe(
      'broker 3 is dead (for 12 min): not registered, port 9092 refuses connections, 0 of 2 replicas in sync',
    )
  })

  it('is restarting before that, and dead at once when no minimum time is wanted', () => {
    expect(judge(gone(3, 4)).verdict).toBe('restarting')
    expect(judge(gone(3, 4)).text).toContain('may be restarting (for 4 min, less than 10 min)')
    expect(judge(gone(3, 0), undefined, 0).verdict).toBe('dead')
  })

  it('is never dead on one signal: not registered, nothing of it out of sync, its address not known', () => {
    const unknown = broker(3, {
      state: 'dead',
      host: '',
      port: 0,
      evidence: { registered: 'no', awayAt: ago(60) },
    })
    expect(judge(unknown, []).verdict).toBe('unknown')
    expect(judge(unknown).verdict).toBe('dead')
  })

  it('is hung when its port is open and it answers nothing, however short', () => {
    expect(judge(hanging(3, 0)).verdict).toBe('hung')
    expect(judge(hanging(3, 60)).text).toContain('port 9092 is open, answers nothing (TIMED_OUT)')
  })

  it.each([
    ['its host answers', { sshPort: 'open' }, 'hung'],
    ['its host has nobody at port 22', { sshPort: 'refused' }, 'hung'],
    ['it was silent when its port was open', { silentAt: ago(60) }, 'hung'],
    ['both', { sshPort: 'refused', silentAt: ago(60) }, 'hung'],
    [
      'it was silent, and its host is not heard',
      { sshPort: 'timed-out', silentAt: ago(60) },
      'hung',
    ],
    ['its host answers no more', { sshPort: 'timed-out' }, 'dead'],
    ['its host cannot be reached', { sshPort: 'unreachable' }, 'dead'],
    ['nobody asked its host, as in a file of an older version', {}, 'dead'],
    ['its port refuses by now', { port: 'refused', sshPort: 'open', silentAt: ago(60) }, 'dead'],
    ['it cannot be reached', { port: 'unreachable', silentAt: ago(60) }, 'dead'],
  ] as const)('with a port that swallows connections, when %s', (_case, evidence, verdict) => {
    expect(judge(swallowing(3, 60, evidence)).verdict).toBe(verdict)
    const early = verdict === 'dead' ? 'restarting' : verdict
    expect(judge(swallowing(3, 1, evidence)).verdict).toBe(early)
  })

  it('says what it takes a port for that swallows connections', () => {
    const both = judge(swallowing(3, 60, { sshPort: 'refused', silentAt: ago(60) }))
    expect(both.text).toBe(
      'broker 3 hangs (for 1 h): not registered, port 9092 does not let itself be connected to in time, ' +
        'its host answers on port 22: the process hangs, or a packet filter is in between, ' +
        'answered nothing while its port was still open, 0 of 2 replicas in sync',
    )
    expect(both.signals.map(({ name, says }) => `${name} ${says}`)).toContain('host well')
    const gone = judge(swallowing(3, 60, { sshPort: 'timed-out' }))
    expect(gone.text).not.toContain('port 22')
    expect(gone.signals.map(({ text }) => text)).toContain(
      'its host does not answer on port 22 (timed-out)',
    )
  })

  it('is one trouble from its first silence on, whatever becomes of its port', () => {
    const codes = [
      hanging(3, 1),
      swallowing(3, 3, { silentAt: ago(3) }),
      swallowing(3, 30, { silentAt: ago(30), sshPort: 'refused' }),
    ].map((third) => {
      const topics = [topic('orders', [lagging([1, 3], [1])])]
      const found = checkHealth(cluster({ brokers: [well(1), well(2), third], topics }))
      return found.map(({ code, subject }) => `${code} ${subject}`)
    })
    const [first] = codes
    expect(first).toContain('BROKER_HUNG broker 3')
    expect(codes).toEqual([first, first, first])
  })

  it('is in doubt while a registered broker is silent and all its replicas are in sync, then hung', () => {
    const silent = (minutes: number): Broker =>
      well(3, {
        unreachable: 'TIMED_OUT',
        evidence: { api: 'TIMED_OUT', silentAt: ago(minutes) },
      })
    expect(judge(silent(0.2), whole).verdict).toBe('unknown')
    expect(judge(silent(1), whole).verdict).toBe('hung')
    expect(judge(silent(0)).verdict).toBe('hung')
  })

  it('is in doubt, not dead, when only we cannot reach a broker that the cluster has', () => {
    const apart = well(3, {
      unreachable: 'UNREACHABLE',
      evidence: { port: 'timed-out', api: 'UNREACHABLE', silentAt: ago(600) },
    })
    expect(judge(apart, whole).verdict).toBe('unknown')
  })

  it('is restarting when it answers already and is not registered yet', () => {
    expect(judge(gone(3, 60, { port: 'open', api: 'answered' })).verdict).toBe('restarting')
  })

  it('is restarting while it catches up after it came back, by our memory or by its ZooKeeper session', () => {
    const back = (evidence: Broker['evidence']) =>
      judge(well(3, { ...(evidence && { evidence }) })).verdict
    expect(back({ returnedAt: ago(3) })).toBe('restarting')
    expect(back({ registeredAt: ago(3) })).toBe('restarting')
    expect(back({ returnedAt: ago(30) })).toBe('alive')
    expect(judge(well(3, { evidence: { returnedAt: ago(3) } }), whole).verdict).toBe('alive')
  })

  it('is a failed log directory when the directory says so and replicas went with it', () => {
    const dirs = [{ path: '/d1' }, { path: '/d2', error: 'KAFKA_STORAGE_ERROR' }]
    const lost = [lagging([1, 3], [1], { offlineReplicas: [3] }), healthy(2, 3)]
    expect(judge(well(3, { logDirs: dirs }), lost).verdict).toBe('log-dir-failed')
    expect(judge(well(3, { logDirs: dirs }), whole).verdict).toBe('alive')
  })

  it('is alive without a collector, and with one that stopped long ago', () => {
    expect(judge(well(3), whole).verdict).toBe('alive')
    const stopped = judge(well(3, { evidence: { lastSampleAt: ago(600) } }), whole)
    expect(stopped.verdict).toBe('alive')
    expect(stopped.signals.at(-1)).toMatchObject({ says: 'none', text: 'newest sample 10 h old' })
  })

  it('takes the state of a file without evidence for the verdict that it is', () => {
    expect(judge(broker(3, { state: 'dead' })).verdict).toBe('dead')
    expect(judge(broker(3, { state: 'dead', lastSeen: ago(2) })).verdict).toBe('restarting')
    expect(judge(broker(3, { state: 'dead', lastSeen: ago(20) })).verdict).toBe('dead')
    expect(judge(broker(3), whole).verdict).toBe('alive')
  })

  it('makes no alarm of a dead broker that holds nothing any more', () => {
    const topics = [topic('orders', [healthy(1, 2)])]
    const brokers = [well(1), well(2), gone(3, 60)]
    expect(checkHealth(cluster({ brokers, topics }))).toMatchObject([
      { code: 'BROKER_MISSING', severity: 'info' },
    ])
  })

  it.each([127, 128, 32_767, 32_768, 65_633])('knows broker %i like any other', (id) => {
    const partitions = [lagging([1, id], [1])]
    expect(judge({ ...gone(3, 20), id }, partitions)).toMatchObject({ broker: id, verdict: 'dead' })
  })
})
