import { describe, expect, it } from 'vitest'

import type { Operation } from '../../../../src/lib/health/access/access-facts.js'
import { judgeAccess, type AccessEvidence } from '../../../../src/lib/health/access/judge-access.js'
import { requiredAccess, type Purpose } from '../../../../src/lib/health/access/required-access.js'
import { grantCommand, nameRight } from '../../../../src/lib/report/access-text.js'

const OWN = {
  statsTopic: 'klinic.stats',
  actionsTopic: 'klinic.actions',
  stateTopic: 'klinic.state',
  lockGroup: 'klinic.lock.c',
}
const set = (...operations: readonly Operation[]): ReadonlySet<Operation> => new Set(operations)
const ALL = set('DESCRIBE', 'ALTER', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'READ', 'WRITE')

const evidence = (
  more: Partial<AccessEvidence['facts']> = {},
  rest: Partial<AccessEvidence> = {},
) => ({
  facts: {
    cluster: ALL,
    topics: new Map([['orders', ALL]]),
    groups: new Map([['klinic.lock.c', ALL]]),
    named: new Map(),
    ...more,
  },
  partialView: null,
  isViewVerified: true,
  mayReadBrokerConfigs: true,
  ...rest,
})

function found(seen: AccessEvidence, purpose: Purpose = 'execute'): Record<string, string> {
  const rows = judgeAccess(requiredAccess(purpose, OWN), seen)
  return Object.fromEntries(
    rows.filter(({ status }) => status !== 'allowed').map((row) => [nameRight(row), row.status]),
  )
}

describe('the rights of a principal', () => {
  it('are enough when Kafka names them all', () => {
    expect(found(evidence())).toEqual({})
  })

  it('lack what Kafka does not name, each by its own name', () => {
    const cluster = set('DESCRIBE', 'DESCRIBE_CONFIGS')
    expect(found(evidence({ cluster }))).toEqual({
      'CLUSTER:ALTER': 'missing',
      'CLUSTER:ALTER_CONFIGS': 'missing',
    })
    expect(found(evidence({ cluster }), 'plan')).toEqual({})
    expect(found(evidence({ cluster }), 'roll')).toEqual({ 'CLUSTER:ALTER': 'missing' })
  })

  it('are unknown where Kafka tells nothing without DESCRIBE, and ALTER is missing, since it would bring DESCRIBE', () => {
    const blind = evidence(
      { cluster: set() },
      { isViewVerified: false, mayReadBrokerConfigs: false },
    )
    expect(found(blind)).toEqual({
      'CLUSTER:DESCRIBE': 'missing',
      'CLUSTER:DESCRIBE_CONFIGS': 'missing',
      'CLUSTER:ALTER': 'missing',
      'CLUSTER:ALTER_CONFIGS': 'unknown',
      'TOPIC *:DESCRIBE': 'unknown',
      'TOPIC *:DESCRIBE_CONFIGS': 'unknown',
      'TOPIC *:ALTER_CONFIGS': 'unknown',
    })
  })

  it('lack DESCRIBE on topics that brokers hold and do not show', () => {
    const partialView = { hiddenPartitions: 3, examples: ['secret-0'] }
    const rows = judgeAccess(requiredAccess('plan', OWN), evidence({}, { partialView }))
    const describe = rows.find((row) => nameRight(row) === 'TOPIC *:DESCRIBE')
    expect(describe).toMatchObject({
      status: 'missing',
      detail: expect.stringContaining('secret-0') as string,
    })
  })

  it('name the topics on which one is missing', () => {
    const topics = new Map([
      ['a', ALL],
      ['b', set('DESCRIBE')],
    ])
    const rows = judgeAccess(requiredAccess('execute', OWN), evidence({ topics }))
    const missing = rows.filter(({ status }) => status === 'missing')
    expect(missing.map((row) => `${nameRight(row)} ${row.detail ?? ''}`)).toEqual([
      'TOPIC *:DESCRIBE_CONFIGS on 1 of 2 topics: b',
      'TOPIC *:ALTER_CONFIGS on 1 of 2 topics: b',
    ])
    expect(missing.map(grantCommand)[0]).toBe(
      "kafka-acls.sh --add --allow-principal User:NAME --operation DescribeConfigs --topic '*'",
    )
  })

  it('to execute or roll are not enough without the lock of all hosts or what is in maintenance, as those refuse then', () => {
    const groups = new Map([['klinic.lock.c', set('DESCRIBE')]])
    const named = new Map([['klinic.state', set()]])
    for (const purpose of ['execute', 'roll'] as const) {
      const rows = judgeAccess(requiredAccess(purpose, OWN), evidence({ groups, named }))
      const lacking = rows.filter(({ status, optional }) => status === 'missing' && !optional)
      expect(lacking.map(nameRight)).toEqual([
        'GROUP klinic.lock.c:READ',
        'TOPIC klinic.state:READ',
      ])
      expect(lacking.map(({ why }) => why)).toEqual([
        expect.stringContaining('--local-lock'),
        expect.stringContaining('--ignore-maintenance'),
      ])
    }
    const rows = judgeAccess(requiredAccess('plan', OWN), evidence({ groups, named }))
    expect(rows.filter(({ status, optional }) => status === 'missing' && !optional)).toEqual([])
  })

  it('take no group and no topic of state where ZooKeeper has both', () => {
    const names = requiredAccess('execute', { ...OWN, lockGroup: null, stateTopic: null })
    expect(names.map(nameRight).filter((name) => /lock|state/.test(name))).toEqual([])
  })

  it('are not asked for on a topic of ours that is not there yet', () => {
    const rows = judgeAccess(requiredAccess('execute', OWN), evidence())
    expect(rows.map(nameRight).filter((name) => name.startsWith('TOPIC klinic'))).toEqual([])
  })

  it('are not said to be there when brokers do not tell', () => {
    const untold = evidence({ cluster: null, topics: new Map([['orders', null]]) })
    expect(found(untold)['CLUSTER:ALTER']).toBe('unknown')
    expect(found(untold)['TOPIC *:DESCRIBE']).toBe('unknown')
  })
})
