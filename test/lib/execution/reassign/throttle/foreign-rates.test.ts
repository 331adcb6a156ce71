import { describe, expect, it } from 'vitest'

import { at, MOVES, play, playIn, stage } from '../scene.js'
import type { SimulatedCluster } from '../simulated/cluster.js'

const RATE_1 = 'broker 1 follower.replication.throttled.rate'
const ADOPTED = { lifted: ['THROTTLE_PRESENT --adopt-throttles'] }

describe('a rate that somebody else has set', () => {
  const whileCopying = async (options: { readonly lifted?: string[] }) => {
    const values = new Set<string>()
    const look = (cluster: SimulatedCluster): void => {
      const value = cluster.configs.get(RATE_1)
      if (value !== undefined) values.add(value)
    }
    const played = await play({
      options,
      moves: MOVES.slice(1, 2),
      copyMs: 8_000,
      prepare: (cluster) => void cluster.configs.set(RATE_1, '777'),
      incidents: [1_000, 3_000, 6_000].map((ms) => at(ms, look)),
    })
    return { ...played, values: [...values] }
  }

  it('is left alone where it was not there when the execution was prepared, and said once', async () => {
    const { report, cluster, notes, values } = await whileCopying({})
    expect(values).toEqual(['777'])
    expect(notes.filter((note) => note.includes('broker 1') && note.includes('777'))).toHaveLength(
      1,
    )
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect([...cluster.configs]).toEqual([[RATE_1, '777']])
  })

  it('is replaced and brought back at the end where throttles were adopted', async () => {
    const { report, cluster, values } = await whileCopying(ADOPTED)
    expect(values).not.toContain('777')
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect([...cluster.configs]).toEqual([[RATE_1, '777']])
  })

  it('is left alone on a broker that a later move reaches', async () => {
    const set = (cluster: SimulatedCluster): void =>
      void cluster.configs.set('broker 4 follower.replication.throttled.rate', '777')
    const moves = [MOVES[0]!, { ...MOVES[1]!, to: [4, 3], adding: [4], leader: 4 }]
    const seen: (string | undefined)[] = []
    const { cluster, report } = await play({
      moves,
      copyMs: 4_000,
      incidents: [
        at(1_000, set),
        at(
          7_000,
          (now) => void seen.push(now.configs.get('broker 4 follower.replication.throttled.rate')),
        ),
      ],
    })
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    expect(seen).toEqual(['777'])
    expect([...cluster.configs.values()]).toEqual(['777'])
  })

  /** A run that is stopped after its first move and gave everything back, then somebody's rate, then a resume. */
  const resumed = async (
    options: { readonly lifted?: string[] },
    before: string | null,
    found: string,
  ) => {
    const stop = new AbortController()
    const moves = [MOVES[1]!, { ...MOVES[0]!, from: [1, 2], to: [1, 3], adding: [3], leader: 1 }]
    const scene = {
      options,
      moves,
      prepare: (cluster: SimulatedCluster) => {
        if (before !== null) cluster.configs.set(RATE_1, before)
      },
      incidents: [at(500, () => stop.abort())],
    }
    const world = stage(scene)
    await playIn(world, { ...scene, stop: stop.signal })
    world.cluster.configs.set(RATE_1, found)
    const seen: (string | undefined)[] = []
    world.later(1_000, () => void seen.push(world.cluster.configs.get(RATE_1)))
    const { report, cluster } = await playIn(world, { moves })
    expect(report).toMatchObject({ exit: 'done', debts: [] })
    return { seen, left: [...cluster.configs] }
  }

  it('is left alone by a resume that finds it', async () => {
    expect(await resumed({}, null, '777')).toEqual({ seen: ['777'], left: [[RATE_1, '777']] })
  })

  it('is adopted by a resume of an execution that adopted throttles', async () => {
    const { seen, left } = await resumed(ADOPTED, '777', '777')
    expect(seen).not.toEqual(['777'])
    expect(left).toEqual([[RATE_1, '777']])
  })
})
