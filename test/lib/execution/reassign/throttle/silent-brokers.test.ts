import { describe, expect, it } from 'vitest'

import { at, MOVES, play } from '../scene.js'
import type { SimulatedCluster } from '../simulated/cluster.js'

const RATE_3 = 'broker 3 follower.replication.throttled.rate'
const silence = (cluster: SimulatedCluster): void => void cluster.silent.add(3)
const silentFromTheStart = {
  moves: MOVES.slice(0, 1),
  prepare: silence,
  copyMs: 30_000,
  settings: { throttleBytesPerSec: 50_000_000 },
}

describe('a live broker that does not tell its configs when moves are to begin', () => {
  it('is waited for, and gets a rate that rises from the least', async () => {
    const seen: { sent: boolean; rate: number }[] = []
    const look = (cluster: SimulatedCluster): void => {
      const sent = cluster.partition('orders', 0)?.target !== null
      seen.push({ sent, rate: Number(cluster.configs.get(RATE_3) ?? 0) })
    }
    const { report, cluster, notes } = await play({
      ...silentFromTheStart,
      incidents: [
        at(14_000, look),
        at(14_500, (now) => void now.silent.delete(3)),
        at(21_000, look),
        at(38_000, look),
      ],
    })
    const [before, after, later] = seen
    expect(before).toEqual({ sent: false, rate: 0 })
    expect(after?.sent).toBe(true)
    expect(after?.rate).toBeGreaterThan(0)
    expect(after?.rate).toBeLessThan(25_000_000)
    expect(later!.rate / 50_000_000).toBeCloseTo(1.03, 2)
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect(cluster.configs.size).toBe(0)
    expect(notes.filter((note) => note.includes('broker 3'))).toHaveLength(1)
  })

  it('is not waited for longer than half a minute: the move is made all the same, and that is said', async () => {
    const { report, notes, world } = await play(silentFromTheStart)
    expect(report).toMatchObject({ outcome: 'finished', moves: { done: 1 } })
    expect(world.elapsedMs()).toBeGreaterThan(55_000)
    const told = notes.filter((note) => note.includes('broker 3 is not throttled'))
    expect(told).toHaveLength(1)
  })

  it('is not waited for where it is dead', async () => {
    const { report, world } = await play({
      ...silentFromTheStart,
      kind: 'heal',
      moves: [{ ...MOVES[0]!, from: [3, 2], to: [4, 2], adding: [4], leader: 4 }],
      prepare: (cluster) => cluster.kill(3),
    })
    expect(report).toMatchObject({ outcome: 'finished', moves: { done: 1 } })
    expect(world.elapsedMs()).toBeLessThan(45_000)
  })
})
