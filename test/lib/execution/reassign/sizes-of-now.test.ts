import { describe, expect, it } from 'vitest'

import { DEFAULT_LIMITS } from '../../../../src/lib/execution/reassign/next-moves.js'
import type { ExecutionProgress } from '../../../../src/lib/plan/execution-report.js'
import { makeMove } from './builders.js'
import { play } from './scene.js'
import type { SimulatedCluster } from './simulated/cluster.js'

const GB = 1_000_000_000
/** Broker 1 leads partitions 0 to 3. */
const MOVES = [0, 1, 2, 3].map((partition) => makeMove(partition, [1, 2], [3, 2], 0))

/** What clients have written since the plan was made, when all was empty. */
function written(cluster: SimulatedCluster): void {
  cluster.logDirs.set(1, [
    {
      path: '/data',
      totalBytes: 1e12,
      usableBytes: 9e11,
      replicas: MOVES.map(({ topic, partition }) => ({
        topic,
        partition,
        sizeBytes: GB,
        offsetLag: 0,
        future: false,
      })),
    },
  ])
}

const limits = { ...DEFAULT_LIMITS, bytes: 2 * GB }

describe('a plan whose partitions were smaller when it was made', () => {
  it('is held to the limit of bytes by the sizes of now, from its first moves on', async () => {
    let most = 0
    const { report, world } = await play({
      moves: MOVES,
      prepare: (cluster) => {
        written(cluster)
        const advance = cluster.advanceTo.bind(cluster)
        cluster.advanceTo = (ms) => {
          const partitions = [...cluster.topics.get('orders')!.partitions.values()]
          most = Math.max(most, partitions.filter(({ target }) => target !== null).length)
          advance(ms)
        }
      },
      settings: { limits },
    })
    expect(report.exit).toBe('done')
    expect(most).toBe(2)
    expect(world.submitted).toHaveLength(4)
  })

  it('tells bytes and time from the first line on, also when it is gone on with', async () => {
    const seen: ExecutionProgress[] = []
    const begun = MOVES.slice(0, 1).map(({ step }) => ({
      type: 'move' as const,
      at: '2026-11-21T11:00:01.000Z',
      step,
      state: 'intent' as const,
    }))
    for (const journal of [[], begun]) {
      seen.length = 0
      await play({
        moves: MOVES,
        prepare: written,
        journal,
        settings: { limits },
        onProgress: (progress) => seen.push(progress),
      })
      expect(seen[0]?.bytesTotal).toBe(4 * GB)
      expect(seen[0]?.etaSeconds).toBeGreaterThan(0)
    }
  })
})

describe('limits that one move exceeds by itself', () => {
  it('are said, and it is moved all the same, since it would never be otherwise', async () => {
    const moves = [makeMove(0, [1], [1, 2, 3], 100), makeMove(1, [1], [4], 100)]
    const { report, notes } = await play({
      moves,
      settings: { limits: { ...DEFAULT_LIMITS, outPerBroker: 1, bytes: 150 } },
    })
    expect(report.exit).toBe('done')
    expect(notes.filter((note) => note.startsWith('LIMIT_EXCEEDED'))).toEqual([
      'LIMIT_EXCEEDED orders-0 by itself has 2 replicas to send, more than --max-out-per-broker 1: it is moved alone',
    ])
  })
})
