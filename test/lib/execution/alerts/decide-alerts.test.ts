import { describe, expect, it } from 'vitest'

import { cause, COOLDOWN_MS, play, START_MS } from './alert-timeline.js'

const MINUTE = 60_000
const at = (minutes: number): number => START_MS + minutes * MINUTE
const dead = cause('BROKER_DEAD', 'broker 3')

const events = (told: ReturnType<typeof play>['told']): readonly string[] =>
  told.map(({ event, channel, atMs }) => `${(atMs - START_MS) / MINUTE} ${channel} ${event}`)

describe('which alerts are due', () => {
  it('raises once, is silent while it holds, and says once that it is over', () => {
    const looks = [0, 1, 2, 3].map((minute) => ({ atMs: at(minute), causes: [dead] }))
    const after = [4, 5, 6].map((minute) => ({ atMs: at(minute), causes: [] }))
    expect(events(play([...looks, ...after]).told)).toEqual(['0 mail raised', '4 mail resolved'])
  })

  it('repeats after each cooldown while it holds', () => {
    const looks = Array.from({ length: 45 }, (_, minute) => ({ atMs: at(minute), causes: [dead] }))
    expect(events(play(looks).told)).toEqual([
      '0 mail raised',
      '20 mail repeated',
      '40 mail repeated',
    ])
  })

  it('lets a cause that comes and goes wait for the cooldown', () => {
    const looks = Array.from({ length: 22 }, (_, minute) => ({
      atMs: at(minute),
      causes: minute % 2 === 0 ? [dead] : [],
    }))
    expect(events(play(looks).told)).toEqual([
      '0 mail raised',
      '1 mail resolved',
      '20 mail raised',
      '21 mail resolved',
    ])
  })

  it('stays due on a channel that failed, and does not tell the others again', () => {
    const looks = [
      { atMs: at(0), causes: [dead], broken: ['mail'] },
      { atMs: at(1), causes: [dead], broken: ['mail'] },
      { atMs: at(2), causes: [dead] },
      { atMs: at(3), causes: [], broken: ['slack'] },
      { atMs: at(4), causes: [] },
    ]
    expect(events(play(looks, ['mail', 'slack']).told)).toEqual([
      '0 slack raised',
      '2 mail raised',
      '3 mail resolved',
      '4 slack resolved',
    ])
  })

  it('says nothing of the end of what nobody was told of', () => {
    const looks = [
      { atMs: at(0), causes: [dead], broken: ['mail'] },
      { atMs: at(1), causes: [] },
    ]
    expect(play(looks)).toEqual({ told: [], memories: new Map() })
  })

  it('remembers since when it holds, and begins anew when it comes back', () => {
    const looks = [
      { atMs: at(0), causes: [dead] },
      { atMs: at(21), causes: [dead] },
      { atMs: at(22), causes: [] },
      { atMs: at(50), causes: [dead] },
    ]
    const since = play(looks).told.map((told) => (Date.parse(told.since) - START_MS) / MINUTE)
    expect(since).toEqual([0, 0, 0, 50])
  })

  it('forgets what is over once its cooldown has passed', () => {
    const over = { atMs: at(1), causes: [] }
    expect(play([{ atMs: at(0), causes: [dead] }, over]).memories.size).toBe(1)
    const later = { atMs: START_MS + COOLDOWN_MS, causes: [] }
    expect(play([{ atMs: at(0), causes: [dead] }, over, later]).memories.size).toBe(0)
  })

  it('tells two brokers of one kind apart', () => {
    const looks = [{ atMs: at(0), causes: [dead, cause('BROKER_DEAD', 'broker 4')] }]
    expect(play(looks).told.map(({ cause: told }) => told.subject)).toEqual([
      'broker 3',
      'broker 4',
    ])
  })
})
