import { describe, expect, it } from 'vitest'

import { cancelSession } from '../../../../src/lib/execution/reassign/cancel.js'
import type { JournalRecord } from '../../../../src/lib/ports/journal.js'
import { makeMove } from './builders.js'
import { at, MOVES, play, playIn, stage, type Scene } from './scene.js'
import type { SimulatedCluster } from './simulated/cluster.js'

const AT = '2023-11-14T22:13:00.000Z'
const UNDER_WAY: readonly JournalRecord[] = [
  { type: 'move', at: AT, step: 0, state: 'intent' },
  { type: 'move', at: AT, step: 0, state: 'submitted' },
]
const begun = (cluster: SimulatedCluster): void => void cluster.alter('orders', 0, [3, 2])
const cancelling: Scene = {
  journal: UNDER_WAY,
  prepare: begun,
  work: (session) => cancelSession(session, 'undo'),
}

describe('cancelling an execution', () => {
  it('takes back what is in flight, and leaves out the rest', async () => {
    const { report, cluster } = await play(cancelling)
    expect(report).toMatchObject({ outcome: 'cancelled', exit: 'done', moves: { undone: 1 } })
    expect(cluster.partition('orders', 0)).toMatchObject({ replicas: [1, 2], target: null })
  })

  it('does not believe one answer that leaves a topic out: its moves are still to be taken back', async () => {
    const prepare = (cluster: SimulatedCluster): void => {
      begun(cluster)
      cluster.unseen.add('orders')
    }
    const incidents = [at(1_000, ({ unseen }) => unseen.clear())]
    const { report, states } = await play({ ...cancelling, prepare, incidents })
    expect(report).toMatchObject({ outcome: 'cancelled', skipped: [{}, {}] })
    expect(states[0]).toBe('undone')
  })

  it.each(['kraft', 'zookeeper'] as const)(
    'with %s never drops the only copy: it waits for an original, and ends with exit 7',
    async (mode) => {
      const moves = [makeMove(0, [1, 2], [3, 4])]
      const prepare = (cluster: SimulatedCluster): void => {
        cluster.alter('orders', 0, [3, 4])
        cluster.advanceTo(1_999)
        cluster.partition('orders', 0)!.isr = [3]
        cluster.partition('orders', 0)!.copyingUntil.set(4, Number.MAX_SAFE_INTEGER)
        for (const id of [1, 2]) cluster.kill(id)
      }
      const world = stage({ ...cancelling, mode, moves, prepare })
      const played = await playIn(world, { ...cancelling, moves })
      expect(played.report).toMatchObject({ code: 'NOT_TAKEN_BACK', exit: 'needsPerson' })
      expect(played.notes.join()).toContain('only copy')
      expect([world.submitted, world.cluster.lost]).toEqual([[], []])
    },
  )

  it('elects the leader of a move that ended meanwhile: the cluster is then as the plan has it', async () => {
    const prepare = (cluster: SimulatedCluster): void => {
      begun(cluster)
      cluster.advanceTo(5_000)
      cluster.partition('orders', 0)!.leader = 2
    }
    const { report, cluster, states } = await play({ ...cancelling, prepare })
    expect(states[0]).toBe('done')
    expect(cluster.partition('orders', 0)).toMatchObject({ replicas: [3, 2], leader: 3 })
    expect(report).toMatchObject({ exit: 'done', differences: [] })
  })

  it('asks a cluster that refuses less and less often: every try is written to the disk first', async () => {
    const prepare = (cluster: SimulatedCluster): void => {
      begun(cluster)
      cluster.partition('orders', 0)!.copyingUntil.set(3, Number.MAX_SAFE_INTEGER)
      cluster.refusing = 'INVALID_REPLICA_ASSIGNMENT'
    }
    const settings = { patienceMs: 120_000 }
    const { world, notes, report } = await play({ ...cancelling, prepare, settings })
    expect(report).toMatchObject({ code: 'NOT_TAKEN_BACK', exit: 'needsPerson' })
    expect(world.submitted.length).toBeLessThan(15)
    expect(notes.filter((note) => note.includes('refused'))).toHaveLength(1)
  })

  it.each(['kraft', 'zookeeper'] as const)(
    'with %s sends a request again that was lost, also where the old list heads the new one',
    async (mode) => {
      const moves = [makeMove(0, [1, 2], [1, 2, 3])]
      const prepare = (cluster: SimulatedCluster): void => {
        cluster.alter('orders', 0, [1, 2, 3])
        cluster.partition('orders', 0)!.copyingUntil.set(3, Number.MAX_SAFE_INTEGER)
      }
      const scene: Scene = { ...cancelling, mode, moves, prepare, fates: ['request lost'] }
      const { report, cluster } = await play(scene)
      expect(report).toMatchObject({ outcome: 'cancelled', exit: 'done', moves: { undone: 1 } })
      expect(cluster.partition('orders', 0)).toMatchObject({ replicas: [1, 2], target: null })
    },
  )

  it('does not send again what is being taken back, however long that takes', async () => {
    const moves = [makeMove(0, [1, 2], [1, 2, 3])]
    const prepare = (cluster: SimulatedCluster): void => {
      cluster.alter('orders', 0, [1, 2, 3])
      const partition = cluster.partition('orders', 0)!
      Object.assign(partition, { target: [1, 2], isr: [3], leader: 3 })
      for (const id of [1, 2]) partition.copyingUntil.set(id, Number.MAX_SAFE_INTEGER)
    }
    const undoing = { type: 'move', at: AT, step: 0, state: 'undoing' } as const
    const scene: Scene = { ...cancelling, moves, prepare, journal: [...UNDER_WAY, undoing] }
    const { report, world } = await play(scene)
    expect(report).toMatchObject({ code: 'NOT_TAKEN_BACK', exit: 'needsPerson' })
    expect(world.submitted).toEqual([])
  })

  it('leaves the end of a finished execution as it was', async () => {
    const journal: readonly JournalRecord[] = [
      ...MOVES.map(({ step }) => ({ type: 'move', at: AT, step, state: 'done' }) as const),
      { type: 'ended', at: AT, outcome: 'finished', message: '' },
    ]
    const { report, state } = await play({ ...cancelling, journal, prepare: () => undefined })
    expect(report).toMatchObject({ outcome: 'finished', exit: 'done', code: 'ALREADY_OVER' })
    expect(state.ended).toMatchObject({ outcome: 'finished' })
  })
})
