import { describe, expect, it } from 'vitest'

import { planCover } from '../../../../src/lib/execution/reassign/throttle/cover.js'
import {
  listsFor,
  markRate,
  THROTTLE_KEYS,
} from '../../../../src/lib/execution/reassign/throttle/entries.js'
import { account, NO_HOLDINGS } from '../../../../src/lib/execution/reassign/throttle/held.js'
import {
  idleLists,
  uncoverList,
  uncoverRate,
} from '../../../../src/lib/execution/reassign/throttle/uncover.js'
import { makeMove } from './builders.js'

const topic = { type: 'topic', name: 'orders' } as const
const broker = { type: 'broker', name: '1' } as const
const { leaderList, followerList, leaderRate } = THROTTLE_KEYS
const at = ''

describe('what a throttle is made of', () => {
  it('lists every current replica as a source and only new ones as followers', () => {
    expect(listsFor([makeMove(0, [1, 2], [1, 3])])).toEqual([
      { topic: 'orders', key: followerList, entries: ['0:3'] },
      { topic: 'orders', key: leaderList, entries: ['0:1', '0:2'] },
    ])
  })

  it('lists nothing for a move that copies nothing', () => {
    expect(listsFor([makeMove(0, [1, 2], [2, 1])])).toEqual([])
  })

  it('marks a rate in its last digits only', () => {
    const rate = markRate(50_000_000, 'balance-1.x')
    expect(rate).toBeGreaterThanOrEqual(50_000_100)
    expect(rate).toBeLessThan(50_001_000)
    expect(markRate(50_000_000, 'balance-1.x')).toBe(rate)
  })
})

describe('covering moves', () => {
  const input = {
    moves: [makeMove(0, [1, 2], [1, 3])],
    ratesOf: () => [5_000_123],
    liveBrokers: new Set([1, 3]),
    held: new Map(),
    applied: new Set<string>(),
    befores: new Map<string, string | null>(),
    rateBefores: new Map<string, string | null>(),
    isMarked: () => false,
    adopts: true,
    current: new Map<string, string | null>(),
  }

  it('sets rates on live brokers only', () => {
    const names = planCover(input).rates.map(({ resource }) => resource.name)
    expect([...new Set(names)]).toEqual(['1', '3'])
  })

  it('writes down what stood there before, and claims only what it adds', () => {
    const current = new Map([
      [`topic orders ${leaderList}`, '0:1,9:9'],
      [`broker 1 ${leaderRate}`, '777'],
    ])
    const { records, lists } = planCover({ ...input, current })
    expect(records).toContainEqual({
      type: 'throttle',
      resource: topic,
      key: leaderList,
      before: '0:1,9:9',
      mine: '0:2',
    })
    expect(records).toContainEqual({
      type: 'throttle',
      resource: broker,
      key: leaderRate,
      before: '777',
      mine: '5000123',
    })
    expect(lists).toContainEqual({ resource: topic, name: leaderList, op: 'append', value: '0:2' })
  })

  it('writes down every rate that it will set on the way up, once, and sets the first', () => {
    const { records, rates } = planCover({ ...input, ratesOf: () => [2_000_123, 5_000_123] })
    expect(records).toContainEqual(expect.objectContaining({ mine: '2000123,5000123' }))
    expect(rates[0]?.value).toBe('2000123')
    const known = { resource: broker, key: leaderRate, before: null }
    const held = new Map([
      [`broker 1 ${leaderRate}`, { ...known, entries: ['2000123', '5000123'] }],
    ])
    const later = planCover({ ...input, held, ratesOf: () => [5_000_123] })
    const mine = later.records.filter(
      ({ key, resource }) => key === leaderRate && resource.name === '1',
    )
    expect(mine).toEqual([])
  })

  it('adds nothing to a list that covers everything already', () => {
    const current = new Map([
      [`topic orders ${leaderList}`, '*'],
      [`topic orders ${followerList}`, '*'],
    ])
    expect(planCover({ ...input, current }).lists).toEqual([])
  })
})

describe('giving a throttle back', () => {
  const held = account(NO_HOLDINGS, {
    type: 'throttle',
    at,
    resource: topic,
    key: leaderList,
    before: null,
    mine: '0:1,0:2,1:1',
  }).held

  it('gives back what finished moves no longer need', () => {
    const [idle] = idleLists([makeMove(0, [1, 2], [1, 3])], held)
    expect(idle?.entries).toEqual(['1:1'])
  })

  it('removes the key also where a broker still shows what was taken out of it before', () => {
    const [, list] = [...held][0]!
    const last = { ...list, entries: ['1:1'] }
    const wasGivenBack = (entry: string): boolean => ['0:1', '0:2'].includes(entry)
    expect(uncoverList(last, '0:1,0:2,1:1', wasGivenBack).change?.op).toBe('delete')
    expect(uncoverList(last, '0:1,7:7,1:1', wasGivenBack).change?.op).toBe('subtract')
  })

  it('holds owed entries again that a move needs, and does not take them for others', () => {
    const entries = { at, resource: topic, key: followerList, before: null }
    const covered = account(NO_HOLDINGS, { type: 'throttle', ...entries, mine: '0:3,1:2' })
    const owed = account(covered, {
      ...{ type: 'release', at, resource: topic, key: followerList },
      ...{ entries: '0:3,1:2', outcome: 'debt' },
    } as const)
    const { records } = planCover({
      moves: [makeMove(0, [1, 2], [1, 3])],
      ratesOf: () => [],
      liveBrokers: new Set(),
      applied: new Set(),
      befores: new Map(),
      isMarked: () => false,
      adopts: false,
      current: new Map([[`topic orders ${followerList}`, '0:3,1:2']]),
      ...owed,
    })
    const record = records.find(({ key }) => key === followerList)
    expect(record).toMatchObject({ before: null, mine: '0:3' })
    const after = account(owed, { at, ...record! })
    const id = `topic orders ${followerList}`
    expect(after.held.get(id)?.entries).toEqual(['0:3'])
    expect(after.debts.get(id)?.value).toBe('1:2')
  })

  it('removes the key when nothing stood there before and nothing else stands there now', () => {
    const throttle = { resource: topic, key: leaderList, before: null, entries: ['0:1'] }
    expect(uncoverList(throttle, '0:1').change).toMatchObject({ op: 'delete' })
    const change = { op: 'subtract', value: '0:1' }
    expect(uncoverList(throttle, '0:1,5:5').change).toMatchObject(change)
    expect(uncoverList({ ...throttle, before: '' }, '0:1').change).toMatchObject(change)
  })

  it('does not remove the key while entries of its own are to stay of which a broker has not heard yet', () => {
    const [idle] = idleLists([makeMove(0, [1, 2], [1, 3])], held)
    expect(idle && uncoverList(idle, '1:1').change).toMatchObject({ op: 'subtract', value: '1:1' })
    const [all] = idleLists([], held)
    expect(all && uncoverList(all, '0:1,0:2,1:1').change).toMatchObject({ op: 'delete' })
  })

  it('restores an earlier rate, and leaves one that somebody changed since', () => {
    const throttle = { resource: broker, key: leaderRate, before: '777', entries: ['5000123'] }
    expect(uncoverRate(throttle, '5000123').change).toMatchObject({ op: 'set', value: '777' })
    expect(uncoverRate({ ...throttle, before: null }, '5000123').change?.op).toBe('delete')
    expect(uncoverRate(throttle, '999').change).toBeNull()
  })

  it('takes a value for its own that is not visible yet, or shows an earlier state of ours', () => {
    const list = { resource: topic, key: leaderList, before: null, entries: ['0:1'] }
    expect(uncoverList(list, null).change?.op).toBe('delete')
    const rate = {
      resource: broker,
      key: leaderRate,
      before: '777',
      entries: ['5000123', '2000123'],
    }
    for (const shown of [null, '777', '2000123']) {
      expect(uncoverRate(rate, shown).change).toMatchObject({ op: 'set', value: '777' })
    }
  })

  it('keeps a debt until it is paid', () => {
    const rate = { resource: broker, key: leaderRate } as const
    let holdings = account(NO_HOLDINGS, { type: 'throttle', at, ...rate, before: null, mine: '5' })
    holdings = account(holdings, { type: 'release', at, ...rate, entries: '5', outcome: 'debt' })
    expect([holdings.held.size, holdings.debts.size]).toEqual([0, 1])
    holdings = account(holdings, { type: 'release', at, ...rate, entries: '5', outcome: 'cleared' })
    expect(holdings.debts.size).toBe(0)
  })

  it('keeps a debt when other entries of the same list are given back', () => {
    const list = { resource: topic, key: leaderList } as const
    const records = [
      { type: 'throttle', at, ...list, before: null, mine: '0:1,1:1' },
      { type: 'release', at, ...list, entries: '0:1', outcome: 'debt' },
      { type: 'release', at, ...list, entries: '1:1', outcome: 'cleared' },
    ] as const
    const { held, debts } = records.reduce(account, NO_HOLDINGS)
    expect([held.size, [...debts.values()].map(({ value }) => value)]).toEqual([0, ['0:1']])
  })

  it('adds up what is owed of one list', () => {
    const list = { resource: topic, key: leaderList } as const
    const records = [
      { type: 'throttle', at, ...list, before: null, mine: '0:1,1:1' },
      { type: 'release', at, ...list, entries: '0:1', outcome: 'debt' },
      { type: 'release', at, ...list, entries: '1:1', outcome: 'debt' },
    ] as const
    const { debts } = records.reduce(account, NO_HOLDINGS)
    expect([...debts.values()].map(({ value }) => value)).toEqual(['0:1,1:1'])
  })

  it('does not take its own rate, left on a broker that was down, for what stood there before', () => {
    const rate = { resource: broker, key: leaderRate } as const
    const records = [
      { type: 'throttle', at, ...rate, before: null, mine: '5000123' },
      { type: 'release', at, ...rate, entries: '5000123', outcome: 'debt' },
      { type: 'throttle', at, ...rate, before: '5000123', mine: '5000123' },
    ] as const
    const { held, debts } = records.reduce(account, NO_HOLDINGS)
    expect(debts.size).toBe(0)
    const [throttle] = held.values()
    expect(throttle && uncoverRate(throttle, '5000123').change?.op).toBe('delete')
  })

  it('gives back a rate that was to be replaced, when the new one never arrived', () => {
    const rate = { resource: broker, key: leaderRate } as const
    const records = [
      { type: 'throttle', at, ...rate, before: '777', mine: '5000123' },
      { type: 'throttle', at, ...rate, before: '777', mine: '9000123' },
    ] as const
    const [throttle] = records.reduce(account, NO_HOLDINGS).held.values()
    for (const standing of ['5000123', '9000123']) {
      expect(throttle && uncoverRate(throttle, standing).change?.value).toBe('777')
    }
  })
})
