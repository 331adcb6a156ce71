import { describe, expect, it } from 'vitest'

import type { Broker, Partition, Snapshot } from '../../../../src/lib/model/snapshot.js'
import { listAfter, partitionSteps } from '../../../../src/lib/plan/step-lists.js'
import {
  DEFAULT_HEAL_POLICY,
  type HealPolicy,
} from '../../../../src/lib/planners/heal/heal-policy.js'
import { planHeal } from '../../../../src/lib/planners/heal/plan-heal.js'
import { cluster, healthy, topic } from '../../health/cluster-builder.js'
import { ago, gone, hanging, lagging, swallowing, well } from '../../health/evidence-builder.js'

function world(
  brokers: readonly Broker[],
  ...partitions: readonly Omit<Partition, 'id'>[]
): Snapshot {
  return cluster({ brokers, topics: [topic('orders', partitions)] })
}
const heal = (snapshot: Snapshot, policy: Partial<HealPolicy> = {}) =>
  planHeal(snapshot, { ...DEFAULT_HEAL_POLICY, ...policy })
const blockers = (snapshot: Snapshot, policy: Partial<HealPolicy> = {}) =>
  heal(snapshot, policy)
    .findings.filter(({ severity }) => severity === 'blocker')
    .map(({ code }) => code)
const six = (third: Broker, ...others: readonly Broker[]): readonly Broker[] => {
  const given = new Map([third, ...others].map((one) => [one.id, one]))
  return [1, 2, 3, 4, 5, 6].map((id) => given.get(id) ?? well(id))
}

describe('healing only what is certain', () => {
  const lost = lagging([1, 3], [1])

  it('waits for a broker that may be restarting, and says until when', () => {
    const draft = heal(world(six(gone(3, 4)), lost))
    expect(draft.findings).toMatchObject([{ code: 'DEAD_TOO_SHORT', subject: 'broker 3' }])
    expect(draft.findings[0]?.nextSteps).toEqual([
      'Try again in 6 min (2026-11-21T11:06:00.000Z), or say --min-dead-for 240s',
    ])
    expect(blockers(world(six(gone(3, 4)), lost), { minDeadForMs: 240_000 })).toEqual([])
  })

  it('waits the whole minimum time for one that nobody had noticed, and not at all when told so', () => {
    const news = world(six(gone(3, 0)), lost)
    expect(blockers(news)).toEqual(['DEAD_SINCE_UNKNOWN'])
    expect(heal(news, { minDeadForMs: 0 })).toMatchObject({ outcome: 'changes' })
  })

  it('waits while one that is back catches up', () => {
    const back = well(3, { evidence: { returnedAt: ago(2) } })
    expect(blockers(world(six(back), lost))).toEqual(['RESTART_IN_PROGRESS'])
  })

  it('shows the evidence that the plan rests on', () => {
    const draft = heal(world(six(gone(3, 20)), lost))
    expect(draft.findings).toMatchObject([
      {
        code: 'DEAD_BROKER',
        severity: 'info',
        message:
          'broker 3 is dead (for 20 min): not registered, port 9092 refuses connections, 0 of 1 replicas in sync; it holds 1 replica',
      },
    ])
  })

  it('leaves a hung broker to a person, unless it is to be taken for dead', () => {
    const hung = world(six(hanging(3, 20)), lost)
    expect(blockers(hung)).toEqual(['BROKER_HUNG'])
    expect(partitionSteps(heal(hung, { treatHungAsDead: true }).steps).map(listAfter)).toHaveLength(
      1,
    )
    expect(blockers(world(six(hanging(3, 2)), lost), { treatHungAsDead: true })).toEqual([
      'BROKER_HUNG',
    ])
  })

  it('takes one whose port swallows connections while its host lives for one that hangs', () => {
    const hung = world(six(swallowing(3, 20, { sshPort: 'refused' })), lost)
    const refused = heal(hung)
    expect([refused.outcome, refused.steps]).toEqual(['refused', []])
    expect(refused.findings).toMatchObject([{ code: 'BROKER_HUNG', severity: 'blocker' }])
    expect(refused.findings[0]?.message).toContain('its host answers on port 22')
    expect(partitionSteps(heal(hung, { treatHungAsDead: true }).steps)).toHaveLength(1)
    expect(partitionSteps(heal(world(six(swallowing(3, 20)), lost)).steps)).toHaveLength(1)
  })

  it('gives nothing to a broker that hangs, is in doubt, or has lost a log directory', () => {
    const dirs = [{ path: '/d1' }, { path: '/d2', error: 'KAFKA_STORAGE_ERROR' }]
    const doubtful = well(4, {
      unreachable: 'TIMED_OUT',
      evidence: { port: 'open', api: 'TIMED_OUT', silentAt: ago(0.1) },
    })
    const others = [well(5, { rack: 'b' }), well(6, { rack: 'c' })]
    const brokers = six(gone(3, 20), well(2, { logDirs: dirs }), doubtful, ...others)
    const draft = heal(world(brokers, lost, { ...lagging([1, 2], [1]), offlineReplicas: [2] }))
    const targets = partitionSteps(draft.steps).map((step) => listAfter(step)[1])
    expect(targets.every((id) => id === 5 || id === 6)).toBe(true)
    expect(targets).toHaveLength(2)
  })

  it('moves nothing while one partition is not explained, and names it; then heals the others', () => {
    const snapshot = world(six(gone(3, 20)), lost, lagging([1, 2], [1]), lagging([5, 3], [5]))
    const draft = heal(snapshot)
    expect(draft).toMatchObject({ outcome: 'refused', steps: [] })
    expect(draft.findings[0]).toMatchObject({
      code: 'UNEXPLAINED_UNDER_REPLICATION',
      partitions: ['orders-1'],
    })
    const confident = heal(snapshot, { onlyConfident: true })
    expect(partitionSteps(confident.steps).map(({ partition }) => partition)).toEqual([0, 2])
    expect(confident.deferred).toMatchObject([{ subject: 'orders-1' }])
  })

  it('is refused, confident or not, when there is nothing to be confident of', () => {
    const snapshot = world(six(well(3)), lagging([1, 2], [1]))
    expect(blockers(snapshot, { onlyConfident: true })).toEqual(['UNEXPLAINED_UNDER_REPLICATION'])
  })

  it('moves nothing for a network that is full, and says which rate against which limit', () => {
    const full = well(2, {
      capacity: { inBytesPerSec: 10e6, outBytesPerSec: 10e6 },
      evidence: { traffic: { at: ago(1), inBytesPerSec: 11e6, outBytesPerSec: 1e6 } },
    })
    const [finding] = heal(world(six(full), lagging([1, 2], [1]))).findings
    expect(finding).toMatchObject({ code: 'FOLLOWER_NETWORK_SATURATED', severity: 'blocker' })
    expect(finding?.message).toContain('11.0 MB/s, 110 % of its limit of 10.0 MB/s')
  })

  it('heals two of three dead replicas when two may die, from the one that is in sync', () => {
    const snapshot = world(six(gone(3, 20), gone(4, 20)), lagging([3, 4, 1], [1]))
    expect(blockers(snapshot)).toEqual(['TOO_MANY_DEAD'])
    const [list] = partitionSteps(heal(snapshot, { maxDead: 2 }).steps).map(listAfter)
    expect(list).toHaveLength(3)
    expect(list).toContain(1)
  })

  it('heals nothing while more brokers go away than may be dead', () => {
    const snapshot = world(six(gone(3, 20), gone(4, 1)), lost, lagging([1, 4], [1]))
    expect(blockers(snapshot)).toEqual(['TOO_MANY_AWAY', 'DEAD_TOO_SHORT'])
    expect(blockers(snapshot, { onlyConfident: true })).toEqual(['TOO_MANY_AWAY'])
    const two = heal(snapshot, { onlyConfident: true, maxDead: 2 })
    expect(partitionSteps(two.steps).map(({ partition }) => partition)).toEqual([0])
  })

  it('never plans for data that is at risk, says what that means, and heals the rest', () => {
    const all = { replicas: [3, 4], isr: [3], leader: null }
    const only = { replicas: [3], isr: [3], leader: null }
    const draft = heal(world(six(gone(3, 20), gone(4, 20)), all, only, lost), { maxDead: 2 })
    expect(draft.deferred.map(({ subject, reason }) => `${subject} ${reason.code}`)).toEqual([
      'orders-0 NO_LIVE_IN_SYNC_REPLICA',
      'orders-1 ONLY_COPY_LOST',
    ])
    expect(draft.deferred[1]?.reason.text).toContain('lost if its disk is')
    expect(partitionSteps(draft.steps).map(({ partition }) => partition)).toEqual([2])
  })

  it('has nothing to do, and says nothing, while all is well', () => {
    expect(heal(world(six(well(3)), healthy(1, 3)))).toMatchObject({
      outcome: 'no-changes',
      findings: [],
    })
  })
})
