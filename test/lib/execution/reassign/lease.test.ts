import { describe, expect, it } from 'vitest'

import { THROTTLE_KEYS } from '../../../../src/lib/execution/reassign/throttle/entries.js'
import { NO_HOLDINGS } from '../../../../src/lib/execution/reassign/throttle/held.js'
import { ThrottleLease } from '../../../../src/lib/execution/reassign/throttle/lease.js'
import type { ResourceConfigs } from '../../../../src/lib/ports/cluster-reader.js'
import type { ConfigChange } from '../../../../src/lib/ports/cluster-writer.js'
import { makeMove } from './builders.js'

const RATE = 50_000_000

/** A lease on a cluster that holds what was set, and that tells no configs of the brokers that are `closed`. */
function openLease(closed: ReadonlyMap<string, string> = new Map()) {
  /** Names of what was asked for, in order. */
  const asked: string[] = []
  const configs = new Map<string, string>()
  const changes: ConfigChange[] = []
  const warnings: string[] = []
  const clock = { nowMs: 0 }
  /** What brokers show when they have not heard of the last changes yet. */
  const lagging: { shown: ReadonlyMap<string, string> | null } = { shown: null }
  const lease = new ThrottleLease(
    {
      reader: {
        readConfigs: (resources) =>
          Promise.resolve(
            resources.map((resource): ResourceConfigs => {
              asked.push(resource.name)
              const code = closed.get(resource.name)
              if (code !== undefined)
                return { resource, values: [], error: { code, message: code } }
              const source = resource.type === 'topic' ? 'DYNAMIC_TOPIC' : 'DYNAMIC_BROKER'
              const values = Object.values(THROTTLE_KEYS).flatMap((name) => {
                const value = (lagging.shown ?? configs).get(
                  `${resource.type} ${resource.name} ${name}`,
                )
                return value === undefined
                  ? []
                  : [{ name, value, source, sensitive: false } as const]
              })
              return { resource, values }
            }),
          ),
      },
      writer: {
        alterConfigs: (wanted) => {
          for (const change of wanted) {
            const key = `${change.resource.type} ${change.resource.name} ${change.name}`
            changes.push(change)
            if (change.op === 'delete') configs.delete(key)
            else configs.set(key, change.value ?? '')
          }
          const ok = { status: 'ok' } as const
          return Promise.resolve(wanted.map(({ resource }) => ({ resource, outcome: ok })))
        },
      },
      record: () => Promise.resolve(),
      warn: (text) => warnings.push(text),
      nowMs: () => clock.nowMs,
      executionId: 'x.1',
      adopts: false,
    },
    NO_HOLDINGS,
    RATE,
  )
  return { lease, changes, warnings, configs, clock, lagging, asked }
}

describe('the throttle as a lease', () => {
  it('sets an entry again that it gave back, when a second move of the partition needs it', async () => {
    const { lease, configs } = openLease()
    const alive = new Set([1, 2, 3, 4])
    await lease.cover([makeMove(0, [1, 2], [3, 2])], alive)
    await lease.narrow([])
    expect([...configs.keys()].filter((key) => key.startsWith('topic'))).toEqual([])
    await lease.cover([makeMove(0, [3, 2], [3, 4])], alive)
    expect(configs.get(`topic orders ${THROTTLE_KEYS.leaderList}`)).toBe('0:3,0:2')
  })

  it("does not take an entry that it gave back for somebody else's while brokers still show it", async () => {
    const { lease, configs, lagging } = openLease()
    const alive = new Set([1, 2, 3])
    await lease.cover([makeMove(0, [1, 2], [3, 2])], alive)
    lagging.shown = new Map(configs)
    await lease.narrow([])
    await lease.cover([makeMove(1, [1, 2], [3, 2])], alive)
    lagging.shown = null
    await lease.release(alive)
    expect([...configs]).toEqual([])
  })

  it('does not move without the throttle that was asked for when it may not read what stands there', async () => {
    const { lease, changes } = openLease(new Map([['1', 'CLUSTER_AUTHORIZATION_FAILED']]))
    const covering = lease.cover([makeMove(0, [1, 2], [3, 2])], new Set([1, 2, 3]))
    await expect(covering).rejects.toMatchObject({ code: 'THROTTLE_UNREADABLE' })
    expect(changes).toEqual([])
  })

  it('waits for topics that nobody tells of, as for a cluster out of reach, and moves nothing without its throttle', async () => {
    const { lease, changes } = openLease(new Map([['orders', 'UNREACHABLE']]))
    const covering = lease.cover([makeMove(0, [1, 2], [3, 2])], new Set([1, 2, 3]))
    await expect(covering).rejects.toMatchObject({
      code: 'THROTTLE_UNREADABLE',
      exit: 'unreachable',
    })
    expect(changes).toEqual([])
  })

  it('says once which broker is not throttled because it does not answer', async () => {
    const { lease, warnings, configs } = openLease(new Map([['1', 'TIMED_OUT']]))
    const alive = new Set([1, 2, 3])
    await lease.cover([makeMove(0, [1, 2], [3, 2])], alive)
    await lease.cover([makeMove(1, [1, 2], [3, 2])], alive)
    expect(warnings).toEqual([expect.stringContaining('broker 1 is not throttled')])
    expect(configs.has(`broker 3 ${THROTTLE_KEYS.followerRate}`)).toBe(true)
  })

  it('brings the rate up in steps, each in the journal before it is set, and then leaves it alone', async () => {
    const { lease, configs, changes, clock } = openLease()
    const alive = new Set([1, 2, 3])
    const moves = [makeMove(0, [1, 2], [3, 2])]
    const rateOf3 = () => Number(configs.get(`broker 3 ${THROTTLE_KEYS.followerRate}`))
    await lease.cover(moves, alive)
    const rates = [rateOf3()]
    for (clock.nowMs = 1_000; clock.nowMs < 15_000; clock.nowMs += 1_000) {
      await lease.heed(moves, alive)
      rates.push(rateOf3())
    }
    expect(rates).toEqual([...rates].sort((a, b) => a - b))
    expect(rates.at(-1)! / RATE).toBeCloseTo(1.03, 3)
    expect(new Set(rates).size).toBeGreaterThan(8)
    const sofar = changes.length
    clock.nowMs += 60_000
    await lease.heed(moves, alive)
    expect(changes.length).toBe(sofar)
    expect(lease.isRising).toBe(false)
    await lease.release(alive)
    expect([...configs.keys()]).toEqual([])
  })

  it('looks at what stands every ten seconds, and leaves a broker out for a minute that does not answer', async () => {
    const closed = new Map<string, string>()
    const { lease, asked, clock, changes } = openLease(closed)
    const alive = new Set([1, 2, 3])
    const moves = [makeMove(0, [1, 2], [3, 2])]
    const minute = async (): Promise<void> => {
      for (const end = clock.nowMs + 60_000; clock.nowMs < end; clock.nowMs += 1_000) {
        await lease.heed(moves, alive)
      }
    }
    await lease.cover(moves, alive)
    await minute()
    closed.set('3', 'TIMED_OUT')
    asked.length = 0
    changes.length = 0
    await minute()
    expect(asked.filter((name) => name === '1')).toHaveLength(6)
    expect(asked.filter((name) => name === '3')).toHaveLength(1)
    expect(changes).toEqual([])
  })

  it('does not take what a broker has not heard of yet for something that somebody took away', async () => {
    const { lease, clock, lagging, configs, warnings } = openLease()
    const alive = new Set([1, 2, 3])
    const moves = [makeMove(0, [1, 2], [3, 2])]
    await lease.cover(moves, alive)
    for (clock.nowMs = 0; clock.nowMs < 25_000; clock.nowMs += 1_000) await lease.heed(moves, alive)
    lagging.shown = new Map()
    clock.nowMs = 30_000
    await lease.heed(moves, alive)
    lagging.shown = new Map(configs)
    for (; clock.nowMs < 45_000; clock.nowMs += 1_000) await lease.heed(moves, alive)
    expect(warnings).toEqual([])
  })

  it('does not take what a busy broker has never shown for something that somebody took away', async () => {
    const { lease, clock, lagging, configs, warnings, changes } = openLease()
    const alive = new Set([1, 2, 3])
    const moves = [makeMove(0, [1, 2], [3, 2])]
    lagging.shown = new Map()
    await lease.cover(moves, alive)
    for (; clock.nowMs < 45_000; clock.nowMs += 1_000) await lease.heed(moves, alive)
    expect(warnings).toEqual([])
    lagging.shown = new Map(configs)
    changes.length = 0
    for (; clock.nowMs < 90_000; clock.nowMs += 1_000) await lease.heed(moves, alive)
    expect([warnings, changes]).toEqual([[], []])
  })

  it('sets again in the end what was taken away before any broker showed it', async () => {
    const { lease, clock, configs, warnings } = openLease()
    const alive = new Set([1, 2, 3])
    const moves = [makeMove(0, [1, 2], [3, 2])]
    await lease.cover(moves, alive)
    const key = `topic orders ${THROTTLE_KEYS.followerList}`
    configs.delete(key)
    for (; clock.nowMs < 90_000; clock.nowMs += 1_000) await lease.heed(moves, alive)
    expect([configs.get(key), warnings.length]).toEqual(['0:3', 1])
  })

  it('holds moves back while a live broker of theirs is silent, and begins its rates when it answers', async () => {
    const closed = new Map([['3', 'TIMED_OUT']])
    const { lease, configs, clock, warnings, asked } = openLease(closed)
    const alive = new Set([1, 2, 3, 4])
    const [held, free] = [makeMove(0, [1, 2], [3, 2]), makeMove(1, [1, 2], [4, 2])]
    expect((await lease.admit([held, free], [], alive)).moves).toEqual([free])
    expect(configs.get(`topic orders ${THROTTLE_KEYS.followerList}`)).toBe('1:4')
    asked.length = 0
    for (clock.nowMs = 500; clock.nowMs < 20_000; clock.nowMs += 500) {
      expect((await lease.admit([held], [free], alive)).moves).toEqual([])
    }
    expect(asked.filter((name) => name === '3')).toHaveLength(3)
    expect(warnings).toEqual([expect.stringContaining('moves that broker 3 takes part in wait')])
    closed.clear()
    expect((await lease.admit([held], [free], alive)).moves).toEqual([held])
    const first = Number(configs.get(`broker 3 ${THROTTLE_KEYS.followerRate}`))
    expect(first).toBeLessThan(RATE / 5)
  })

  it('goes on without the rate of a broker that stays silent, says so once, and asks it once a minute', async () => {
    const { lease, clock, warnings, asked } = openLease(new Map([['3', 'TIMED_OUT']]))
    const alive = new Set([1, 2, 3])
    const moves = [makeMove(0, [1, 2], [3, 2])]
    const admitted = async (atMs: number) => {
      clock.nowMs = atMs
      return (await lease.admit(moves, [], alive)).moves.length
    }
    const counts: number[] = []
    for (let ms = 0; ms <= 30_000; ms += 1_000) counts.push(await admitted(ms))
    expect(counts.slice(0, -1)).toEqual(Array.from({ length: 30 }, () => 0))
    expect(counts.at(-1)).toBe(1)
    expect(warnings.filter((text) => text.includes('broker 3 is not throttled'))).toHaveLength(1)
    for (; clock.nowMs < 50_000; clock.nowMs += 200) await lease.heed(moves, alive)
    asked.length = 0
    for (; clock.nowMs < 110_000; clock.nowMs += 200) await lease.heed(moves, alive)
    expect(asked.filter((name) => name === '3')).toHaveLength(1)
    // Those that have their rate are read by the look of every ten seconds only.
    expect(asked.filter((name) => name === '1')).toHaveLength(6)
  })

  it('holds nothing back for a broker that is dead, and does not ask it for anything', async () => {
    const { lease, asked } = openLease(new Map([['2', 'UNREACHABLE']]))
    const moves = [makeMove(0, [1, 2], [1, 3])]
    await lease.takeUp([], new Set([1, 3]))
    expect((await lease.admit(moves, [], new Set([1, 3]))).moves).toEqual(moves)
    for (let round = 0; round < 3; round++) await lease.heed(moves, new Set([1, 3]))
    expect(asked).not.toContain('2')
  })
})
