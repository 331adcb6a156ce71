import { describe, expect, it } from 'vitest'

import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { finding, Night } from './night.js'

const dead = finding('DEAD_BROKER', 'info')
const unexplained = finding('UNEXPLAINED_UNDER_REPLICATION', 'blocker', 'orders-1', ['orders-1'])
const sick = { findings: [dead], moves: 3, underReplicated: 3 }
const document = {
  user: 'anna',
  host: 'ops-2',
  reason: 'new disks',
  since: '2026-11-20T00:00:00.000Z',
}

describe('heal run, as cron calls it', () => {
  it('is silent, changes nothing and takes no lock while nothing is to do', async () => {
    const night = new Night()
    for (let run = 0; run < 5; run++) {
      expect(await night.run()).toMatchObject({ outcome: 'healthy', exit: 'done', alerts: [] })
    }
    expect(night).toMatchObject({ told: [], notes: [], locks: 0, state: new Map() })
  })

  it('tells of a failure once, heals once, and tells of the end once', async () => {
    const night = new Night()
    await night.run({ findings: [finding('DEAD_TOO_SHORT', 'blocker')], underReplicated: 3 })
    const report = await night.run(sick)
    expect(report).toMatchObject({ outcome: 'healed', exit: 'done', plan: { replicaMoves: 3 } })
    for (let run = 0; run < 5; run++) await night.run({})
    expect(night.told).toEqual(['2 raised DEAD_BROKER broker 3', '2 resolved DEAD_BROKER broker 3'])
    expect(night.executed).toEqual(['heal-2'])
    expect(night.locks).toBe(2)
  })

  it('waits for the minimum time: exit 75, and nobody is woken', async () => {
    const night = new Night()
    const early = { findings: [finding('DEAD_TOO_SHORT', 'blocker')], underReplicated: 1 }
    expect(await night.run(early)).toMatchObject({ outcome: 'too-early', exit: 'tryLater' })
    expect(await night.run(early)).toMatchObject({ outcome: 'too-early', alerts: [] })
    expect(night).toMatchObject({ told: [], executed: [] })
  })

  it('heals nothing while something is unexplained: exit 3, one alert for each cooldown, one end', async () => {
    const night = new Night()
    const blocked = { findings: [dead, unexplained], underReplicated: 4 }
    for (let run = 0; run < 25; run++) {
      expect(await night.run(blocked)).toMatchObject({ outcome: 'not-confident', exit: 'refused' })
    }
    await night.run({})
    await night.run({})
    expect(night.told.filter((line) => line.includes('UNEXPLAINED'))).toEqual([
      '1 raised UNEXPLAINED_UNDER_REPLICATION orders-1',
      '21 repeated UNEXPLAINED_UNDER_REPLICATION orders-1',
      '26 resolved UNEXPLAINED_UNDER_REPLICATION orders-1',
    ])
    expect(night.executed).toEqual([])
  })

  it('takes a finding for the same while the number of its partitions changes', async () => {
    const night = new Night()
    for (const names of [
      ['a-0', 'a-1'],
      ['a-0', 'a-1', 'a-2'],
      ['a-1', 'a-2'],
    ]) {
      const subject = `${names.length} partitions`
      const found = finding('UNEXPLAINED_UNDER_REPLICATION', 'blocker', subject, names)
      await night.run({ findings: [found] })
    }
    expect(night.told).toEqual(['1 raised UNEXPLAINED_UNDER_REPLICATION cluster'])
  })

  it('calls data at risk not confident, though there is nothing to plan', async () => {
    const night = new Night()
    const lost = finding('DATA_AT_RISK', 'warning', 'orders-2', ['orders-2'])
    expect(await night.run({ findings: [lost] })).toMatchObject({ exit: 'refused' })
    expect(night.told).toEqual(['1 raised DATA_AT_RISK orders-2'])
  })

  it('does not heal again within its cooldown', async () => {
    const night = new Night()
    night.execution = { exit: 'done', after: sick }
    await night.run(sick)
    expect(await night.run(sick)).toMatchObject({ outcome: 'cooldown', exit: 'tryLater' })
    expect(await night.run(sick, 9)).toMatchObject({ outcome: 'healed' })
    expect(night.executed).toEqual(['heal-1', 'heal-11'])
  })

  it('moves nothing outside the windows: exit 75, the failure is told once, and the heal comes when one opens', async () => {
    const night = new Night()
    night.outsideWindow = 'no window of klinic.yaml is open'
    const waiting = { outcome: 'outside-window', exit: 'tryLater', execution: null }
    expect(await night.run(sick)).toMatchObject(waiting)
    expect(await night.run(sick)).toMatchObject({ ...waiting, alerts: [] })
    expect(await night.run({})).toMatchObject({ outcome: 'healthy' })
    await night.run(sick)
    night.outsideWindow = null
    expect(await night.run(sick)).toMatchObject({ outcome: 'healed' })
    expect(night.executed).toEqual(['heal-5'])
    expect(night.told.slice(0, 2)).toEqual([
      '1 raised DEAD_BROKER broker 3',
      '3 resolved DEAD_BROKER broker 3',
    ])
  })

  it('goes on with nothing outside the windows either', async () => {
    const night = new Night()
    night.execution = { exit: 'stoppedHalfWay', after: sick }
    await night.run(sick)
    night.outsideWindow = 'no window of klinic.yaml is open'
    expect(await night.run(sick)).toMatchObject({ outcome: 'outside-window', resumed: null })
    expect(night.resumed).toEqual([])
    night.outsideWindow = null
    night.execution = null
    expect(await night.run(sick)).toMatchObject({ outcome: 'healed' })
    expect(night.resumed).toEqual(['heal-1'])
  })

  it('goes on first with what an earlier run left, and tells while it does not get through', async () => {
    const night = new Night()
    night.execution = { exit: 'stoppedHalfWay', after: sick }
    expect(await night.run(sick)).toMatchObject({ outcome: 'incomplete', exit: 'stoppedHalfWay' })
    expect(await night.run(sick)).toMatchObject({
      outcome: 'incomplete',
      resumed: { planId: 'heal-1' },
    })
    night.execution = null
    expect(await night.run(sick)).toMatchObject({ outcome: 'healed', exit: 'done' })
    expect([night.executed, night.resumed]).toEqual([['heal-1'], ['heal-1', 'heal-1']])
    expect(night.told).toEqual([
      '1 raised DEAD_BROKER broker 3',
      '1 raised HEAL_INCOMPLETE cluster',
      '3 resolved DEAD_BROKER broker 3',
      '3 resolved HEAL_INCOMPLETE cluster',
    ])
  })

  it('leaves the unfinished execution of a person to that person, and says so', async () => {
    const night = new Night()
    night.begun = { planId: 'balance-1', isOurs: false }
    expect(await night.run(sick)).toMatchObject({ outcome: 'not-confident', exit: 'refused' })
    expect(night).toMatchObject({ resumed: [], executed: [] })
    expect(night.told).toContain('1 raised UNFINISHED_EXECUTION cluster')
    expect(await night.run({})).toMatchObject({ outcome: 'healthy' })
    expect(night.told).toContain('2 resolved UNFINISHED_EXECUTION cluster')
  })

  it('tells what forbids a plan that it has, as long as it does', async () => {
    const night = new Night()
    night.refusal = new OperatorError({ code: 'THROTTLE_PRESENT', message: 'm', exit: 'refused' })
    expect(await night.run(sick)).toMatchObject({ exit: 'refused', execution: null })
    night.refusal = null
    expect(await night.run(sick)).toMatchObject({ outcome: 'healed' })
    expect(night.told).toContain('1 raised THROTTLE_PRESENT cluster')
    expect(night.told).toContain('2 resolved THROTTLE_PRESENT cluster')
  })

  it('tells of partitions that are under-replicated for too long, without a break', async () => {
    const night = new Night({ urpAlertAfterMs: 5 * 60_000, cooldownMs: 0 })
    const early = { findings: [finding('RESTART_IN_PROGRESS', 'blocker')], underReplicated: 2 }
    await night.run(early, 0)
    await night.run(early, 4)
    await night.run({})
    await night.run(early)
    await night.run(early, 4)
    expect(night.told).toEqual([])
    await night.run(early)
    await night.run({})
    expect(night.told).toEqual([
      '11 raised UNDER_REPLICATED_LONG cluster',
      '12 resolved UNDER_REPLICATED_LONG cluster',
    ])
  })

  it('touches nothing in maintenance of the cluster, or of the broker that is away', async () => {
    const night = new Night()
    night.state.set('maintenance/cluster', { ...document, until: '2026-11-22T00:00:00.000Z' })
    expect(await night.run(sick)).toMatchObject({ outcome: 'maintenance', exit: 'tryLater' })
    night.state.clear()
    night.state.set('maintenance/broker/3', { ...document, until: '2026-11-22T00:00:00.000Z' })
    expect(await night.run(sick)).toMatchObject({ outcome: 'maintenance', exit: 'tryLater' })
    night.state.set('maintenance/broker/3', { ...document, until: '2026-11-20T23:00:00.000Z' })
    expect(await night.run(sick)).toMatchObject({ outcome: 'healed' })
    expect(night.executed).toEqual(['heal-3'])
  })

  it('heals around a broker in maintenance that is well', async () => {
    const night = new Night()
    night.state.set('maintenance/broker/1', { ...document, until: '2026-11-22T00:00:00.000Z' })
    const resting = finding('BROKER_IN_MAINTENANCE', 'info', 'broker 1')
    expect(await night.run({ ...sick, findings: [dead, resting] })).toMatchObject({
      outcome: 'healed',
    })
  })

  it('leaves at once while somebody else works on the cluster', async () => {
    const night = new Night()
    night.holder = 'held by anna@ops-2'
    const report = await night.run(sick)
    expect(report).toMatchObject({ outcome: 'locked', exit: 'tryLater' })
    expect(report.message).toContain('anna@ops-2')
    expect(night).toMatchObject({ locks: 0, told: [] })
  })

  it('takes the lock to try a channel again that took nothing, and only then', async () => {
    const broken = new Set(['mail'])
    const night = new Night(undefined, broken)
    await night.run({ findings: [unexplained] })
    await night.run({ findings: [unexplained] })
    broken.clear()
    await night.run({ findings: [unexplained] })
    await night.run({ findings: [unexplained] })
    expect(night.told).toEqual(['3 raised UNEXPLAINED_UNDER_REPLICATION orders-1'])
    expect(night.locks).toBe(3)
  })
})

describe('a heal run that ends with an error', () => {
  const error = (code: string, exit: OperatorError['exit']) =>
    new OperatorError({ code, message: `${code} it is`, exit })
  const offline = finding('DATA_AT_RISK', 'warning', 'orders-2', ['orders-2'])

  it('tells of it and of what is sick, once, and of the end when it is over', async () => {
    const night = new Night()
    night.begun = { planId: 'heal-0', isOurs: true }
    night.failure = error('CANCEL_BEGUN', 'stale')
    for (let run = 0; run < 3; run++)
      await expect(night.run({ findings: [offline] })).rejects.toBe(night.failure)
    expect(night.told.toSorted()).toEqual([
      '1 raised CANCEL_BEGUN cluster',
      '1 raised DATA_AT_RISK orders-2',
    ])
    night.failure = null
    await night.run({})
    expect(night.told.slice(2).toSorted()).toEqual([
      '4 resolved CANCEL_BEGUN cluster',
      '4 resolved DATA_AT_RISK orders-2',
    ])
  })

  it('tells of an execution that throws', async () => {
    const night = new Night()
    night.failure = error('THROTTLE_FORBIDDEN', 'notAuthorised')
    await expect(night.run(sick)).rejects.toBe(night.failure)
    expect(night.told).toEqual([
      '1 raised DEAD_BROKER broker 3',
      '1 raised THROTTLE_FORBIDDEN cluster',
    ])
  })

  it('does not call it over before a heal went well, or none is wanted any more', async () => {
    const night = new Night()
    night.failure = error('THROTTLE_FORBIDDEN', 'notAuthorised')
    await expect(night.run(sick)).rejects.toBe(night.failure)
    const locks = night.locks
    for (let run = 0; run < 5; run++)
      expect(await night.run(sick)).toMatchObject({ outcome: 'cooldown', alerts: [] })
    expect(night.locks).toBe(locks)
    await expect(night.run(sick, 9)).rejects.toBe(night.failure)
    night.outsideWindow = 'no window of klinic.yaml is open'
    expect(await night.run(sick, 11)).toMatchObject({ outcome: 'outside-window' })
    night.outsideWindow = null
    const ofIt = () => night.told.filter((line) => line.includes('THROTTLE_FORBIDDEN'))
    expect(ofIt()).toEqual(['1 raised THROTTLE_FORBIDDEN cluster'])
    night.failure = null
    expect(await night.run(sick)).toMatchObject({ outcome: 'healed' })
    expect(ofIt().slice(1)).toEqual(['27 resolved THROTTLE_FORBIDDEN cluster'])
  })

  it('calls it over when there is nothing to heal any more', async () => {
    const night = new Night()
    night.failure = error('THROTTLE_FORBIDDEN', 'notAuthorised')
    await expect(night.run(sick)).rejects.toBe(night.failure)
    expect(await night.run({})).toMatchObject({ outcome: 'healthy' })
    expect(night.told).toContain('2 resolved THROTTLE_FORBIDDEN cluster')
  })

  it('tells of a journal that cannot be read, though nothing else is to do', async () => {
    const night = new Night()
    night.damage = error('JOURNAL_INCOMPLETE', 'badData')
    await expect(night.run()).rejects.toBe(night.damage)
    await expect(night.run()).rejects.toBe(night.damage)
    expect(night.told).toEqual(['1 raised JOURNAL_INCOMPLETE cluster'])
  })

  it('tells of an error that nobody thought of, too', async () => {
    const night = new Night()
    night.failure = new TypeError('boom')
    await expect(night.run(sick)).rejects.toBe(night.failure)
    expect(night.told).toContain('1 raised UNEXPECTED cluster')
  })

  it('leaves it to the one place that tells of a cluster out of reach', async () => {
    const night = new Night()
    night.failure = error('CLUSTER_UNREACHABLE', 'unreachable')
    await expect(night.run(sick)).rejects.toBe(night.failure)
    expect(night.told).toEqual(['1 raised DEAD_BROKER broker 3'])
  })

  it('takes neither a lock of somebody else nor a signal for a failure', async () => {
    const night = new Night()
    night.begun = { planId: 'heal-0', isOurs: true }
    for (const failure of [error('LOCKED', 'tryLater'), error('STOPPED', 'interrupted')]) {
      night.failure = failure
      await expect(night.run({})).rejects.toBe(failure)
    }
    expect(night.told).toEqual([])
  })

  it('says why it ended even while nobody can be told', async () => {
    const night = new Night(undefined, new Set(['state']))
    night.begun = { planId: 'heal-0', isOurs: true }
    night.failure = error('CANCEL_BEGUN', 'stale')
    await expect(night.run({})).rejects.toBe(night.failure)
  })
})
