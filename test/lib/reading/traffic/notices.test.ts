import { describe, expect, it } from 'vitest'
import type { GroupDirectory } from '../../../../src/lib/reading/traffic/group-directory.js'
import { ADMIN_SOURCE_NOTICE, noticesOf } from '../../../../src/lib/reading/traffic/notices.js'
import type { TrafficReading } from '../../../../src/lib/traffic/reading.js'

const groups: GroupDirectory = {
  groupIds: ['a', 'spark'],
  active: new Set(['a', 'spark']),
  shareGroups: [],
  silentBrokers: [],
  known: true,
}

const reading: TrafficReading = {
  atMs: 0,
  partitions: new Map(),
  commits: new Map([
    ['a', new Map([['t-0', 5]])],
    ['spark', new Map()],
  ]),
  commitsAtMs: 0,
}

const notices = (change: Partial<Parameters<typeof noticesOf>[0]> = {}) =>
  noticesOf({
    groups,
    readings: [reading],
    unknownTraits: new Set(),
    silentBrokers: new Set(),
    unreadGroups: new Map(),
    ...change,
  })

describe('what the figures do not hold', () => {
  it('begins with what this source never sees', () => {
    expect(notices({ groups: { ...groups, active: new Set() } })).toEqual([ADMIN_SOURCE_NOTICE])
  })

  it('names groups that have members and never committed', () => {
    expect(notices()[1]).toBe('groups with members that never committed, so unseen: spark')
  })

  it('names groups that could not be read, with the reason, and does not call them silent', () => {
    const unread = notices({ unreadGroups: new Map([['spark', 'not authorised']]) })
    expect(unread.slice(1)).toEqual([
      'groups whose offsets could not be read: spark (not authorised)',
    ])
  })

  it('names share groups and brokers that did not answer', () => {
    const all = notices({
      groups: { ...groups, active: new Set(), shareGroups: ['s'], silentBrokers: [3] },
      silentBrokers: new Set([2]),
    })
    expect(all.join('\n')).toContain('share groups do not commit offsets, so unseen: s')
    expect(all.join('\n')).toContain('brokers that did not answer: 2, 3')
  })

  it('says that bytes out are unknown when no broker told its groups', () => {
    expect(notices({ groups: undefined }).join('\n')).toContain('bytes out are unknown')
  })
})
