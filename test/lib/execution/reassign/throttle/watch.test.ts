import { describe, expect, it } from 'vitest'

import { at, MOVES, play } from '../scene.js'
import type { SimulatedCluster } from '../simulated/cluster.js'

const LEADERS = 'topic orders leader.replication.throttled.replicas'
const FOLLOWERS = 'topic orders follower.replication.throttled.replicas'
const rateOf = (broker: number, side: 'leader' | 'follower' = 'follower'): string =>
  `broker ${broker} ${side}.replication.throttled.rate`

/** One move that copies for a minute, with what is seen of the configs just before its end. */
async function watched(happen: (cluster: SimulatedCluster) => void, more: readonly number[] = []) {
  const seen: ReadonlyMap<string, string>[] = []
  const look = (cluster: SimulatedCluster): void => void seen.push(new Map(cluster.configs))
  const played = await play({
    moves: MOVES.slice(0, 1),
    copyMs: 60_000,
    incidents: [
      at(14_000, look),
      at(20_000, happen),
      ...more.map((ms) => at(ms, happen)),
      at(58_000, look),
    ],
  })
  const [before, after] = seen
  return { ...played, before: before!, after: after! }
}

const about = (notes: readonly string[], text: string): readonly string[] =>
  notes.filter((note) => note.startsWith('THROTTLE ') && note.includes(text))

describe('a throttle that somebody meddles with while moves are under way', () => {
  it('sets a rate again that somebody removed, and says so once however often it happens', async () => {
    const remove = (cluster: SimulatedCluster): void => {
      cluster.configs.delete(rateOf(3))
      cluster.configs.delete(rateOf(3, 'leader'))
    }
    const { report, notes, before, after, cluster } = await watched(remove, [36_000])
    expect(before.get(rateOf(3))).toBeDefined()
    expect(after).toEqual(before)
    expect(about(notes, 'broker 3')).toHaveLength(1)
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect(cluster.configs.size).toBe(0)
  })

  it('leaves a rate to whoever changed it, says so once, and does not restore over it', async () => {
    const change = (cluster: SimulatedCluster): void => void cluster.configs.set(rateOf(3), '777')
    const { report, notes, after, cluster } = await watched(change)
    expect(after.get(rateOf(3))).toBe('777')
    expect(about(notes, 'broker 3')).toHaveLength(1)
    expect(about(notes, 'broker 3')[0]).toContain('777')
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect([...cluster.configs]).toEqual([[rateOf(3), '777']])
  })

  it('puts its entries back into a list that somebody replaced, and takes only those out at the end', async () => {
    const replace = (cluster: SimulatedCluster): void => void cluster.configs.set(LEADERS, '9:4')
    const { report, notes, after, cluster } = await watched(replace)
    expect(after.get(LEADERS)).toBe('9:4,0:1,0:2')
    expect(about(notes, 'topic orders')).toHaveLength(1)
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect([...cluster.configs]).toEqual([[LEADERS, '9:4']])
  })

  it('sets lists again that somebody deleted, and adds nothing to one that covers everything now', async () => {
    const remove = (cluster: SimulatedCluster): void => {
      cluster.configs.delete(FOLLOWERS)
      cluster.configs.set(LEADERS, '*')
    }
    const { notes, before, after, cluster } = await watched(remove)
    expect(after.get(FOLLOWERS)).toBe(before.get(FOLLOWERS))
    expect(after.get(LEADERS)).toBe('*')
    expect(about(notes, 'topic orders')).toHaveLength(1)
    expect([...cluster.configs]).toEqual([[LEADERS, '*']])
  })

  it('takes a rate up again when those who had changed it remove theirs', async () => {
    const seen: (string | undefined)[] = []
    const look = (cluster: SimulatedCluster): void => void seen.push(cluster.configs.get(rateOf(3)))
    const { cluster, report } = await play({
      moves: MOVES.slice(0, 1),
      copyMs: 90_000,
      settings: { stallMs: 600_000 },
      incidents: [
        at(14_000, look),
        at(20_000, (now) => void now.configs.set(rateOf(3), '777')),
        at(40_000, look),
        at(45_000, (now) => void now.configs.delete(rateOf(3))),
        at(80_000, look),
      ],
    })
    const [ours, theirs, again] = seen
    expect([theirs, again]).toEqual(['777', ours])
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect(cluster.configs.size).toBe(0)
  })

  it('says nothing while nobody meddles, and does not change anything', async () => {
    const { notes, before, after } = await watched(() => undefined)
    expect(about(notes, '')).toEqual([])
    expect(after).toEqual(before)
  })
})
