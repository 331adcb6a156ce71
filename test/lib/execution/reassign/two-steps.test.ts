import { describe, expect, it } from 'vitest'

import type { JournalRecord } from '../../../../src/lib/ports/journal.js'
import { makeMove } from './builders.js'
import { play } from './scene.js'
import type { SimulatedCluster } from './simulated/cluster.js'

/** One partition that comes to its target by way of another list, and one that does not. */
const MOVES = [
  makeMove(0, [1, 2], [4, 2]),
  { ...makeMove(0, [4, 2], [4, 3]), step: 1 },
  { ...makeMove(2, [1, 3], [3, 1]), step: 2 },
]
const prepare = (cluster: SimulatedCluster): void => cluster.addPartition('orders', 0, [1, 2])
const reason = { code: 'DISK_FILLING', text: 'taken back' }
const record = (state: 'intent' | 'undone' | 'skipped'): JournalRecord => ({
  type: 'move',
  at: '2026-11-21T11:00:01.000Z',
  step: 0,
  state,
  ...(state !== 'intent' && { reason }),
})

describe('a partition that is moved in two steps', () => {
  it.each(['undone', 'skipped'] as const)(
    'is left alone by the second when the first was %s: others are made, and nobody is blamed',
    async (state) => {
      const journal = [record('intent'), record(state)]
      const {
        report,
        states,
        cluster,
        state: after,
      } = await play({ moves: MOVES, prepare, journal })
      expect(states).toEqual([state, 'skipped', 'done'])
      expect(after.moves.get(1)?.reason).toEqual(reason)
      expect(report).toMatchObject({ outcome: 'finished', code: 'MOVES_SKIPPED' })
      expect(cluster.partition('orders', 0)?.replicas).toEqual([1, 2])
    },
  )

  it('is moved twice otherwise', async () => {
    const { states, cluster } = await play({ moves: MOVES, prepare })
    expect(states).toEqual(['done', 'done', 'done'])
    expect(cluster.partition('orders', 0)?.replicas).toEqual([4, 3])
  })

  it('is left alone by all later steps', async () => {
    const third = { ...makeMove(0, [4, 3], [1, 3]), step: 3 }
    const journal = [record('intent'), record('undone')]
    const { states, report } = await play({ moves: [...MOVES, third], prepare, journal })
    expect([states, report.code]).toEqual([
      ['undone', 'skipped', 'done', 'skipped'],
      'MOVES_SKIPPED',
    ])
  })
})
