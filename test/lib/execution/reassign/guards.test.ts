import { describe, expect, it } from 'vitest'

import {
  applyFlags,
  checkGuards,
  NOT_GONE_ON,
  refusalOf,
} from '../../../../src/lib/execution/reassign/guards/check-guards.js'
import {
  hiddenView,
  liftedBefore,
} from '../../../../src/lib/execution/reassign/guards/judge-view-again.js'
import { movesOf } from '../../../../src/lib/execution/reassign/moves.js'
import { prepare } from '../../../../src/lib/execution/reassign/prepare.js'
import type { Snapshot, UnreadPart } from '../../../../src/lib/model/snapshot.js'
import { sealPlan } from '../../../../src/lib/plan/assemble-plan.js'
import type { Plan } from '../../../../src/lib/plan/plan.js'
import { makeOneStepPlan, makeSnapshot } from './builders.js'

const PARTITIONS = [
  { id: 0, replicas: [1, 2], isr: [1, 2], leader: 1, sizeBytes: 100 },
  { id: 1, replicas: [2, 3], isr: [2, 3], leader: 2, sizeBytes: 100 },
]
const CALM = makeSnapshot(PARTITIONS)

const planOf = (from: readonly number[], to: readonly number[], bytesToMove?: number): Plan =>
  makeOneStepPlan(CALM, from, to, bytesToMove)

const PLAN = planOf([1, 2], [1, 3])
/** The same as a plan that heals. */
const healing = ({ id: _id, ...content }: Plan): Plan => sealPlan({ ...content, kind: 'heal' })
const codes = (snapshot: Snapshot, plan = PLAN): string[] =>
  checkGuards({ plan, moves: movesOf(plan), snapshot }).map(({ code }) => code)

const unreadOf = (part: UnreadPart['part'], subject: string): UnreadPart => ({
  part,
  subject,
  code: 'CLUSTER_AUTHORIZATION_FAILED',
  message: 'no',
})

describe('what stands in the way of a plan', () => {
  it('is nothing on a cluster as it was planned for', () => {
    expect(codes(CALM)).toEqual([])
  })

  it('is another cluster, a changed list, or a topic that was made again', () => {
    expect(codes({ ...CALM, cluster: { ...CALM.cluster, id: 'c2' } })).toContain('OTHER_CLUSTER')
    const moved = makeSnapshot([
      { ...PARTITIONS[0]!, replicas: [4, 2], isr: [4, 2] },
      PARTITIONS[1]!,
    ])
    expect(codes(moved)).toEqual(['REPLICAS_CHANGED'])
    const again = { ...CALM, topics: [{ ...CALM.topics[0]!, topicId: 'other' }] }
    expect(codes(again)).toEqual(['TOPIC_RECREATED'])
  })

  it('is that it was edited after it was made, unless that is accepted', () => {
    const plan: Plan = { ...PLAN, complete: false }
    const guards = checkGuards({ plan, moves: movesOf(plan), snapshot: CALM })
    expect(guards).toMatchObject([{ code: 'PLAN_EDITED', exit: 'stale', lift: 'accept-edits' }])
    expect(applyFlags(guards, new Set(['accept-edits'])).standing).toEqual([])
  })

  it('is, when it is gone on with, a view that lost rights, and not what only did not answer', () => {
    const lost = { ...CALM, unread: [unreadOf('reassignments', 'cluster')] }
    expect(hiddenView(lost)).toMatchObject([
      { code: 'REASSIGNMENTS_UNREAD', exit: 'notAuthorised' },
    ])
    const partialView = { hiddenPartitions: 3, examples: ['secret-0'] }
    expect(hiddenView({ ...CALM, partialView })).toMatchObject([{ code: 'PARTIAL_VIEW' }])
    const silent = { ...unreadOf('reassignments', 'cluster'), code: 'TIMED_OUT' }
    expect(hiddenView({ ...CALM, unread: [silent] })).toEqual([])
    expect(liftedBefore({ options: { lifted: ['PARTIAL_VIEW --ignore-partial-view'] } })).toBe(true)
    expect(liftedBefore({ options: { lifted: ['DISK_TOO_SMALL --ignore-disk'] } })).toBe(false)
  })

  it('is a reassignment of somebody else', () => {
    const busy = makeSnapshot([
      PARTITIONS[0]!,
      { ...PARTITIONS[1]!, replicas: [4, 2, 3], adding: [4], removing: [3] },
    ])
    expect(codes(busy)).toContain('REASSIGNMENT_IN_FLIGHT')
  })

  it('is a target that is down', () => {
    const brokers = CALM.brokers.map((b) => (b.id === 3 ? { ...b, state: 'dead' as const } : b))
    expect(codes({ ...CALM, brokers })).toContain('TARGET_NOT_ALIVE')
  })

  it('is a disk without room for all that comes, with the figures', () => {
    const tight = CALM.brokers.map((broker) => ({
      ...broker,
      logDirs: [
        { path: '/a', totalBytes: 1000, usableBytes: 900 },
        { path: '/b', totalBytes: 1000, usableBytes: 140 },
      ],
    }))
    const [guard] = checkGuards({
      plan: PLAN,
      moves: movesOf(PLAN),
      snapshot: { ...CALM, brokers: tight },
    })
    expect(guard?.code).toBe('DISK_TOO_SMALL')
    expect(guard?.message).toBe(
      'broker 3 would get 100 B, and its least free log directory has room for 90 B',
    )
  })

  it('is an under-replicated partition that the plan does not explain', () => {
    const sick = makeSnapshot([PARTITIONS[0]!, { ...PARTITIONS[1]!, isr: [2] }])
    expect(codes(sick)).toEqual(['UNDER_REPLICATED'])
  })

  it('is a leader to be that lives and is not in sync: no election would make it', () => {
    const reorder = planOf([1, 2], [2, 1], 0)
    const behind = makeSnapshot([{ ...PARTITIONS[0]!, isr: [1] }, PARTITIONS[1]!])
    const guards = checkGuards({ plan: reorder, moves: movesOf(reorder), snapshot: behind })
    expect(guards).toMatchObject([
      { code: 'LEADER_NOT_IN_SYNC', exit: 'refused', lift: 'ignore-under-replicated' },
    ])
    expect(guards[0]?.message).toContain('orders-0 by broker 2')
    expect(codes(CALM, reorder)).toEqual([])
    // It copies anyway, and its election comes after that.
    expect(codes(behind, planOf([1, 2], [2, 3]))).toEqual([])
    // It leads already: nothing is to be elected.
    const leads = makeSnapshot([{ ...PARTITIONS[0]!, isr: [1], leader: 2 }, PARTITIONS[1]!])
    expect(codes(leads, reorder)).toEqual([])
  })

  it('is no leader of a partition that has changed: it is refused for that, or left out', () => {
    const reorder = planOf([1, 2], [2, 1], 0)
    const changed = { ...PARTITIONS[0]!, replicas: [1, 3, 2], isr: [1, 3] }
    const snapshot = makeSnapshot([changed, PARTITIONS[1]!])
    expect(codes(snapshot, reorder)).toEqual(['REPLICAS_CHANGED'])
    const flags = new Set(['skip-changed'] as const)
    const { standing, skipped } = prepare({
      ...{ plan: reorder, snapshot, flags, throttleBytesPerSec: null },
    })
    expect([standing, skipped.size]).toEqual([[], 1])
  })

  it('is a leader to be that is not in sync, though its partition has the planned list already', () => {
    const { id: _id, ...content } = planOf([1, 2], [2, 1], 0)
    const reason = { code: 'NO_ROOM_OUT', text: 'no room' }
    const plan = sealPlan({ ...content, deferred: [{ subject: 'orders-0', reason }] })
    const there = { ...PARTITIONS[0]!, replicas: [2, 1], isr: [1] }
    const snapshot = makeSnapshot([there, PARTITIONS[1]!])
    const prepared = prepare({ plan, snapshot, flags: new Set(), throttleBytesPerSec: null })
    expect(prepared.alreadyDone).toBe(1)
    expect(prepared.standing.map(({ code }) => code)).toEqual(['LEADER_NOT_IN_SYNC'])
  })

  it('is not the dead broker that a heal plan replaces', () => {
    const brokers = CALM.brokers.map((b) => (b.id === 2 ? { ...b, state: 'dead' as const } : b))
    const topics = makeSnapshot([
      { ...PARTITIONS[0]!, isr: [1] },
      { ...PARTITIONS[1]!, isr: [3], leader: 3 },
    ]).topics
    expect(codes({ ...CALM, brokers, topics }, healing(PLAN))).toEqual([])
  })

  it('is a throttle on its brokers or topics, but not one elsewhere', () => {
    const rate = {
      resource: 'broker',
      key: 'leader.replication.throttled.rate',
      value: '1',
    } as const
    expect(codes({ ...CALM, throttles: [{ ...rate, name: '3' }] })).toEqual(['THROTTLE_PRESENT'])
    expect(codes({ ...CALM, throttles: [{ ...rate, name: '4' }] })).toEqual([])
  })

  it('is a principal that sees only a part', () => {
    const partialView = { hiddenPartitions: 3, examples: ['secret-0'] }
    expect(codes({ ...CALM, partialView })).toEqual(['PARTIAL_VIEW'])
  })

  it('is first of all that its principal sees nothing: only then that a topic seems to be gone', () => {
    const unread = [
      ...[1, 2, 3, 4].map((id) => unreadOf('log dirs', `broker ${id}`)),
      unreadOf('reassignments', 'cluster'),
    ]
    const blind = { ...CALM, topics: [], unread }
    const guards = checkGuards({ plan: PLAN, moves: movesOf(PLAN), snapshot: blind })
    expect(guards.map(({ code }) => code)).toEqual([
      'VIEW_NOT_VERIFIED',
      'REASSIGNMENTS_UNREAD',
      'TOPIC_GONE',
    ])
    expect(guards[2]?.message).toContain('or this principal may not see it')
    expect(refusalOf(guards)).toMatchObject({ exit: 'notAuthorised', code: 'VIEW_NOT_VERIFIED' })
  })

  it('is configs that could not be read: a throttle may stand in them', () => {
    const broker = (id: number) => ({
      ...CALM,
      unread: [unreadOf('broker configs', `broker ${id}`)],
    })
    expect(codes(broker(3))).toEqual(['THROTTLES_UNREAD'])
    expect(codes(broker(4))).toEqual([])
    const all = { ...CALM, unread: [unreadOf('topic configs', 'all topics')] }
    expect(codes(all)).toEqual(['THROTTLES_UNREAD'])
    const read = { ...all, topics: [{ ...CALM.topics[0]!, minInsyncReplicas: 1 }] }
    expect(codes(read)).toEqual([])
    expect(codes(broker(3), planOf([1, 2], [2, 1], 0))).toEqual([])
  })

  it('is a broker that is away or silent although the plan is not about that', () => {
    const brokers = CALM.brokers.map((b) => (b.id === 3 ? { ...b, state: 'dead' as const } : b))
    const { topics } = makeSnapshot([PARTITIONS[0]!, { ...PARTITIONS[1]!, isr: [2] }])
    const reorder = planOf([1, 2], [2, 1], 0)
    expect(codes({ ...CALM, brokers, topics }, reorder)).toEqual(['BROKER_MISSING'])
    expect(codes({ ...CALM, brokers, topics }, healing(reorder))).toEqual([])
    const silent = CALM.brokers.map((b) => (b.id === 3 ? { ...b, unreachable: 'TIMED_OUT' } : b))
    expect(codes({ ...CALM, brokers: silent }, reorder)).toEqual(['BROKER_MISSING'])
  })

  it('is a target that no producer could write to any more', () => {
    const topics = [{ ...CALM.topics[0]!, minInsyncReplicas: 2 }]
    expect(codes({ ...CALM, topics }, planOf([1, 2], [1], 0))).toEqual(['BELOW_MIN_ISR'])
    expect(codes({ ...CALM, topics }, planOf([1, 2], [2, 1], 0))).toEqual([])
    const unread = [unreadOf('topic configs', 'topic orders')]
    expect(codes({ ...CALM, unread }, planOf([1, 2], [1], 0))).toEqual(['MIN_ISR_UNKNOWN'])
  })
})

describe('the refusal', () => {
  const snapshot = {
    ...makeSnapshot([
      { ...PARTITIONS[0]!, replicas: [4, 2], isr: [4, 2] },
      { ...PARTITIONS[1]!, isr: [2] },
    ]),
    partialView: { hiddenPartitions: 3, examples: ['secret-0'] },
  }
  const guards = checkGuards({ plan: PLAN, moves: movesOf(PLAN), snapshot })

  it('shows everything together, each with the flag that lifts it; a partial view counts most', () => {
    const error = refusalOf(guards)
    expect(error).toMatchObject({ exit: 'notAuthorised', code: 'PARTIAL_VIEW' })
    expect(error?.nextSteps).toContain('klinic access check --for execute')
    expect(error?.message).toContain('--skip-changed')
    expect(error?.message).toContain('--ignore-partial-view')
    expect(error?.message).toContain('--ignore-under-replicated')
  })

  it('says of an execution that was begun only that nothing was gone on with', () => {
    const first = (error: Error | null) => error?.message.split('\n')[0]
    expect(first(refusalOf(guards))).toBe('The plan was not started and nothing was changed:')
    expect(first(refusalOf(guards, NOT_GONE_ON))).toBe('Nothing was gone on with:')
  })

  it('is lifted by its flags only', () => {
    const { standing } = applyFlags(guards, new Set(['skip-changed', 'ignore-partial-view']))
    expect(standing.map(({ code }) => code)).toEqual(['UNDER_REPLICATED'])
  })

  it('leaves changed partitions out when asked to', () => {
    const flags = new Set([
      'skip-changed',
      'ignore-partial-view',
      'ignore-under-replicated',
    ] as const)
    const input = { plan: PLAN, snapshot, flags, throttleBytesPerSec: 50e6 }
    const { skipped, standing, bytesToMove } = prepare(input)
    expect(standing).toEqual([])
    expect([...skipped.keys()]).toEqual([1])
    expect(bytesToMove).toBe(0)
  })

  it('counts nothing for what somebody has moved to its target by hand', () => {
    const moved = makeSnapshot([
      { ...PARTITIONS[0]!, replicas: [1, 3], isr: [1, 3] },
      PARTITIONS[1]!,
    ])
    const input = { plan: PLAN, flags: new Set<never>(), throttleBytesPerSec: 50e6 }
    expect(prepare({ ...input, snapshot: CALM })).toMatchObject({
      bytesToMove: 100,
      alreadyDone: 0,
    })
    const { standing, bytesToMove, alreadyDone } = prepare({ ...input, snapshot: moved })
    expect([standing, bytesToMove, alreadyDone]).toEqual([[], 0, 1])
  })
})
