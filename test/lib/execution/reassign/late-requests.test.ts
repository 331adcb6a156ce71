import { describe, expect, it } from 'vitest'

import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { cancelSession } from '../../../../src/lib/execution/reassign/cancel.js'
import { concludeSession } from '../../../../src/lib/execution/reassign/session.js'
import type { JournalRecord } from '../../../../src/lib/ports/journal.js'
import { makeMove } from './builders.js'
import { at, play, playIn, stage, type Scene } from './scene.js'
import type { SimulatedCluster } from './simulated/cluster.js'

/** Moment at which every simulated world begins. */
const BEGIN_MS = 1_700_000_000_000
const stamp = (sinceBeginMs: number): string => new Date(BEGIN_MS + sinceBeginMs).toISOString()
const intent = (sinceBeginMs: number): JournalRecord => ({
  type: 'move',
  at: stamp(sinceBeginMs),
  step: 0,
  state: 'intent',
})
const MOVES = [makeMove(0, [1, 2], [3, 2])]
/** So late may a request arrive whose answer was lost. */
const LATE_MS = 3_000

/** A cluster on which a request of a process that was killed arrives late. */
const arriving = (scene: Scene) => {
  const world = stage({ moves: MOVES, ...scene })
  world.later(LATE_MS, (cluster) => void cluster.alter('orders', 0, [3, 2]))
  return { world, play: () => playIn(world, { moves: MOVES, ...scene }) }
}
const isInFlight = (cluster: SimulatedCluster): boolean =>
  cluster.partition('orders', 0)?.target !== null

describe('a request whose answer was lost', () => {
  it('counts as sent until it can no longer arrive, also after a second one was refused', async () => {
    const stop = new AbortController()
    const incidents = [
      at(100, (cluster) => (cluster.refusing = 'NOT_CONTROLLER')),
      at(1_500, () => stop.abort()),
      at(2_500, (cluster) => (cluster.refusing = null)),
    ]
    const fates = ['fine', 'fine', 'late'] as const
    const scene: Scene = { moves: MOVES, incidents, fates, stop: stop.signal }
    const { world, report, cluster } = await play(scene)
    world.pass(500)
    expect([report.code, isInFlight(cluster)]).toEqual(['INTERRUPTED', false])
    expect(world.submitted.length).toBeGreaterThan(1)
    expect(report.moves.done).toBe(1)
    expect([...cluster.configs]).toEqual([])
  })

  it('of a process that was killed before the answer counts as sent, too', async () => {
    const scene = { journal: [intent(-1_000)], stop: AbortSignal.abort() }
    const { report, cluster } = await arriving(scene).play()
    expect([report.code, report.moves.done]).toEqual(['INTERRUPTED', 1])
    expect([...cluster.configs]).toEqual([])
  })

  it('of a process that was killed long ago holds nothing up', async () => {
    const scene: Scene = { moves: MOVES, journal: [intent(-60_000)], stop: AbortSignal.abort() }
    const { report, world } = await play(scene)
    expect([report.code, report.moves.done]).toEqual(['INTERRUPTED', 0])
    expect(world.elapsedMs()).toBeLessThan(3_000)
  })

  it('keeps its throttle, when the run has to end before it arrives', async () => {
    const resource = { type: 'topic', name: 'orders' } as const
    const key = 'follower.replication.throttled.replicas'
    const journal: readonly JournalRecord[] = [
      { type: 'throttle', at: stamp(0), resource, key, before: null, mine: '0:3' },
    ]
    const prepare: NonNullable<Scene['prepare']> = ({ configs }) =>
      void configs.set(`topic orders ${key}`, '0:3')
    const { world, play: playOn } = arriving({
      journal,
      prepare,
      copyMs: 60_000,
      work: (session) =>
        concludeSession(session, async () => {
          await session.ledger.mark(MOVES, 'unknown')
          await session.ledger.mark(MOVES, 'intent')
          throw new OperatorError({ code: 'DISK_FULL', message: 'full', exit: 'failed' })
        }),
    })
    await expect(playOn()).rejects.toMatchObject({ code: 'DISK_FULL' })
    world.pass(500)
    const isThrottled = world.cluster.configs.has(`topic orders ${key}`)
    expect([isInFlight(world.cluster), isThrottled]).toEqual([true, true])
  })
})

describe('a cancel that lets moves in flight end', () => {
  const finishing: Scene = { moves: MOVES, work: (session) => cancelSession(session, 'finish') }

  it('starts none that Kafka never had', async () => {
    const scene: Scene = { ...finishing, journal: [intent(-1_000)] }
    const { report, world, states } = await play(scene)
    expect(world.submitted).toEqual([])
    expect(states).toEqual(['skipped'])
    expect(report).toMatchObject({ outcome: 'cancelled', exit: 'done' })
    expect(report.skipped[0]?.reason?.code).toBe('CANCELLED')
  })

  it('waits for those whose request may still arrive', async () => {
    const scene = { ...finishing, journal: [intent(-1_000)] }
    const { world, play: playOn } = arriving(scene)
    const { report, states } = await playOn()
    expect([world.submitted, states]).toEqual([[], ['done']])
    expect(report).toMatchObject({ outcome: 'cancelled', exit: 'done', moves: { done: 1 } })
  })
})

describe('a cancel of what another host has sent', () => {
  const cancelling: Scene = { moves: MOVES, work: (session) => cancelSession(session, 'undo') }
  const otherHost = { user: 'u', host: 'other', pid: 1 }
  const journal = (clockMs: number): readonly JournalRecord[] => [
    { type: 'taken-up', at: stamp(clockMs), verb: 'resume', actor: otherHost, lock: '' },
    intent(clockMs),
  ]

  it.each([-3_600_000, 3_600_000])(
    'waits as long as it may arrive, with a clock there that is %d ms ahead',
    async (clockMs) => {
      const scene = { ...cancelling, journal: journal(clockMs), host: 'h' }
      const { play: playOn } = arriving(scene)
      const { report, cluster, world } = await playOn()
      expect(report).toMatchObject({ outcome: 'cancelled', exit: 'done', moves: { undone: 1 } })
      expect(cluster.partition('orders', 0)).toMatchObject({ replicas: [1, 2], target: null })
      expect(world.elapsedMs()).toBeGreaterThan(LATE_MS)
      expect(world.elapsedMs()).toBeLessThan(20_000)
    },
  )
})
