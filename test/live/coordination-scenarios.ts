import { expect, it } from 'vitest'

import type { Coordination, HeldLock, ProcessWitness } from '../../src/lib/ports/coordination.js'
import type { LockHolder } from '../../src/lib/ports/journal.js'

/** Opens what one host has of it; each call is another host. */
export type OpenHost = (options?: {
  readonly clusterId?: string
  readonly witness?: ProcessWitness
}) => Coordination

/** A process on a host of its own, of which nobody else can say that it is gone. */
export const ELSEWHERE: ProcessWitness = {
  mine: 'elsewhere 1 1',
  isGone: () => Promise.resolve(false),
}
const NOBODY_LIVES: ProcessWitness = { mine: 'here 1 1', isGone: () => Promise.resolve(true) }

/** An operator, told from the others by the pid. */
export const operator = (pid: number): LockHolder => ({
  user: `operator${pid}`,
  host: `host-${pid}`,
  pid,
  since: '2026-11-21T12:00:00.000Z',
  what: 'reassign execute plan-1',
})

/** The lock, which must have been given. */
export function held(taken: LockHolder | HeldLock): HeldLock {
  if ('prove' in taken) return taken
  throw new Error(`the lock is held by ${taken.user}`)
}

const ROUNDS = 4
const AT_ONCE = 3

/** What every adapter of coordination owes; one test a sentence. */
export function obeysTheContract(open: OpenHost): void {
  const withHosts = async <T>(
    count: number,
    work: (...hosts: Coordination[]) => Promise<T>,
  ): Promise<T> => {
    const hosts = Array.from({ length: count }, () => open())
    try {
      return await work(...hosts)
    } finally {
      await Promise.all(hosts.map((host) => host.close()))
    }
  }
  const two = <T>(work: (a: Coordination, b: Coordination) => Promise<T>): Promise<T> =>
    withHosts(2, async (...hosts) => {
      const [a, b] = hosts
      if (a === undefined || b === undefined) throw new Error('two hosts were asked for')
      return work(a, b)
    })

  it('gives the lock to the first and tells the second who has it', () =>
    two(async (a, b) => {
      expect(await b.holder()).toBeNull()
      const lock = held(await a.lock(operator(1)))
      await lock.prove()
      expect(await b.lock(operator(2))).toEqual(operator(1))
      expect(await b.holder()).toEqual(operator(1))
      await lock.prove()
      await lock.release()
      expect(await b.holder()).toBeNull()
      await held(await b.lock(operator(2))).release()
    }))

  it('gives the lock to exactly one of those who ask at the same time', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await withHosts(AT_ONCE, async (...hosts) => {
        const taken = await Promise.all(hosts.map((host, index) => host.lock(operator(index))))
        const winners = taken.flatMap((one, index) => ('prove' in one ? [{ one, index }] : []))
        expect(winners.length).toBe(1)
        for (const { one, index } of winners) {
          await one.prove()
          const others = taken.filter((other) => other !== one)
          expect(others.map((other) => 'pid' in other && other.pid)).toEqual([index, index])
          await one.release()
        }
      })
    }
  })

  it('ends the proofs of a holder whose lock was broken', () =>
    two(async (a, b) => {
      const lock = held(await a.lock(operator(1)))
      expect(await b.breakLock()).toEqual(operator(1))
      await expect(lock.prove()).rejects.toMatchObject({
        code: 'LOCK_LOST',
        exit: 'stoppedHalfWay',
      })
      const next = held(await b.lock(operator(2)))
      await lock.release()
      await next.prove()
      await next.release()
      expect(await b.breakLock()).toBeNull()
    }))

  it('takes over at once from a process of this host that is gone', async () => {
    const [a, b] = [open(), open({ witness: NOBODY_LIVES })]
    const dead = held(await a.lock(operator(1)))
    const lock = held(await b.lock(operator(2)))
    await expect(dead.prove()).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(lock.fence).not.toBe(dead.fence)
    await lock.prove()
    await lock.release()
    await Promise.all([a.close(), b.close()])
  })

  it('keeps documents for every host, and for this cluster alone', () =>
    two(async (a, b) => {
      expect((await b.state.read()).size).toBe(0)
      const since = '2026-11-21T12:00:00Z'
      await a.state.write(
        new Map([
          ['maintenance/broker/7', { reason: 'new disks' }],
          ['first-seen/broker/4/away', { since }],
        ]),
      )
      const seen = await b.state.read()
      expect([...seen.keys()]).toEqual(['first-seen/broker/4/away', 'maintenance/broker/7'])
      expect(seen.get('maintenance/broker/7')).toMatchObject({ value: { reason: 'new disks' } })
      expect(
        Math.abs((seen.get('maintenance/broker/7')?.writtenAtMs ?? 0) - Date.now()),
      ).toBeLessThan(300_000)
      await b.state.write(new Map([['maintenance/broker/7', null]]))
      expect([...(await a.state.read()).keys()]).toEqual(['first-seen/broker/4/away'])
      await a.state.write(new Map([['first-seen/broker/4/away', null]]))
      const other = open({ clusterId: 'another-cluster' })
      await a.state.write(new Map([['cooldown/x', { until: since }]]))
      expect((await other.state.read()).size).toBe(0)
      await other.close()
    }))
}
