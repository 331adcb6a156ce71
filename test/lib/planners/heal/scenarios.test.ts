import { describe, expect, it } from 'vitest'

import type { Broker, Partition, Snapshot } from '../../../../src/lib/model/snapshot.js'
import { listAfter, partitionSteps } from '../../../../src/lib/plan/step-lists.js'
import {
  DEFAULT_HEAL_POLICY,
  type HealPolicy,
} from '../../../../src/lib/planners/heal/heal-policy.js'
import { planHeal } from '../../../../src/lib/planners/heal/plan-heal.js'
import { cluster, topic } from '../../health/cluster-builder.js'
import { gone, well } from '../../health/evidence-builder.js'

const MIB = 1_048_576
/** As in the seed: 35 MiB/s in, 80 MiB/s out; no racks unless a scenario has them. */
const capacity = { inBytesPerSec: 35 * MIB, outBytesPerSec: 80 * MIB }
const bare = ({ rack: _none, ...rest }: Broker): Broker => ({ ...rest, capacity })
const at = (id: number, rack?: string): Broker => ({
  ...bare({ ...well(1), id }),
  ...(rack && { rack }),
})
const dead = (id: number, rack?: string): Broker => ({
  ...bare({ ...gone(1, 60), id }),
  ...(rack && { rack }),
})

const partition = (
  replicas: readonly number[],
  isr: readonly number[],
  leader: number,
  [inMiB, outMiB]: readonly [number, number],
): Omit<Partition, 'id'> => ({
  replicas,
  isr,
  leader,
  bytesInPerSec: inMiB * MIB,
  bytesOutPerSec: outMiB * MIB,
})
/** Traffic that a broker has already: a partition of its own. */
const busy = (id: number, inMiB: number, outMiB: number): Omit<Partition, 'id'> =>
  partition([id], [id], id, [inMiB, outMiB])

const plan = (snapshot: Snapshot, policy: Partial<HealPolicy> = {}) =>
  planHeal(snapshot, { ...DEFAULT_HEAL_POLICY, maxDead: 2, ...policy })
const lists = (snapshot: Snapshot, policy: Partial<HealPolicy> = {}) =>
  Object.fromEntries(
    partitionSteps(plan(snapshot, policy).steps).map((step) => [
      `${step.topic}-${step.partition}`,
      listAfter(step),
    ]),
  )

describe('whole healing scenarios', () => {
  const lostTwo = partition([0, 1, 2], [0], 0, [1, 0])

  it('replaces two of three replicas by two different brokers, the least used first', () => {
    const brokers = [at(0), dead(1), dead(2), at(3), at(4), at(5)]
    const topics = [topic('t', [lostTwo]), topic('u', [busy(4, 10, 10)])]
    expect(lists(cluster({ brokers, topics }))).toEqual({ 't-0': [0, 3, 5] })
  })

  it('keeps to the racks that were lost when told to, and spreads over all of them otherwise', () => {
    const brokers = [
      at(0, 'A'),
      dead(1, 'B'),
      dead(2, 'B'),
      at(3, 'A'),
      at(4, 'B'),
      at(5, 'B'),
      at(6, 'C'),
    ]
    const topics = [topic('t', [lostTwo]), topic('u', [busy(4, 10, 10), busy(5, 5, 5)])]
    const snapshot = cluster({ brokers, topics })
    expect(lists(snapshot, { rackPolicy: 'same-rack' })).toEqual({ 't-0': [0, 5, 4] })
    expect(lists(snapshot)).toEqual({ 't-0': [0, 5, 6] })
  })

  it('plans nothing when one of two replicas has no room, and says whose and by how much', () => {
    const brokers = [at(0, 'A'), dead(1, 'B'), dead(2, 'C'), at(3, 'B'), at(4, 'C')]
    const wide = partition([0, 1, 2], [0], 0, [20, 0])
    const topics = [topic('t', [wide]), topic('u', [busy(4, 20, 0)])]
    const draft = plan(cluster({ brokers, topics }), { rackPolicy: 'same-rack' })
    expect(draft).toMatchObject({ outcome: 'refused', steps: [] })
    expect(draft.deferred).toMatchObject([
      { subject: 't-0', reason: { code: 'NO_ROOM_IN' }, override: '--ignore-capacity' },
    ])
  })

  it('heals four partitions of a dead broker in their places, whatever the order of the input', () => {
    const brokers = [at(1), at(2), dead(3), at(4), at(5)]
    const a = [
      partition([1, 2, 3], [1, 2], 1, [6, 12]),
      partition([2, 3, 4], [2, 4], 2, [5, 10]),
      partition([3, 4, 1], [4, 1], 4, [4, 8]),
    ]
    const b = [partition([3, 5, 2], [5, 2], 5, [3, 20])]
    const snapshot = cluster({ brokers, topics: [topic('a', a), topic('b', b)] })
    const found = lists(snapshot)
    expect(found).toMatchObject({ 'a-0': [1, 2, 5], 'a-1': [2, 5, 4] })
    // Only the dead replica goes; of the living ones the one with the most headroom takes it, and may lead.
    expect(found['a-2']).toEqual(expect.arrayContaining([1, 4]))
    expect([...(found['b-0'] ?? [])].sort()).toEqual([2, 4, 5])
    expect(new Set(found['a-2']).size).toBe(3)
    const shuffled = {
      ...snapshot,
      brokers: snapshot.brokers.toReversed(),
      topics: snapshot.topics.toReversed(),
    }
    expect(lists(shuffled)).toEqual(found)
  })

  it('puts all of them into the rack that lost its broker', () => {
    const brokers = [at(1, 'r1'), at(4, 'r1'), at(2, 'r2'), at(5, 'r2'), dead(3, 'r3'), at(6, 'r3')]
    const a = [
      partition([1, 2, 3], [1, 2], 1, [6, 12]),
      partition([2, 3, 1], [2, 1], 2, [5, 10]),
      partition([3, 1, 2], [1, 2], 1, [4, 8]),
    ]
    const found = lists(cluster({ brokers, topics: [topic('a', a)] }))
    expect(found).toMatchObject({ 'a-0': [1, 2, 6], 'a-1': [2, 6, 1] })
    expect([...(found['a-2'] ?? [])].sort()).toEqual([1, 2, 6])
  })

  it('names the rack that has no broker left, and falls back to another only when it may', () => {
    const brokers = [at(1, 'r1'), at(4, 'r1'), at(2, 'r2'), dead(3, 'r3')]
    const topics = [topic('a', [partition([1, 2, 3], [1, 2], 1, [6, 12])])]
    const snapshot = cluster({ brokers, topics })
    expect(lists(snapshot)).toEqual({ 'a-0': [1, 2, 4] })
    const [left] = plan(snapshot, { rackPolicy: 'same-rack' }).deferred
    expect(left?.reason.text).toContain('rack r3')
  })
})

describe('clusters as they are in the field', () => {
  it.each([127, 128, 32_767, 32_768, 65_633, 2_147_483_647])(
    'gives leadership and place anew for a dead broker with id %i',
    (id) => {
      const brokers = [at(1), at(2), at(4), dead(id)]
      const topics = [topic('t', [partition([id, 1], [1], 1, [30, 20])])]
      const [list] = Object.values(lists(cluster({ brokers, topics })))
      expect(list).toHaveLength(2)
      expect(list).toContain(1)
      expect(list).not.toContain(id)
    },
  )

  it('heals partitions of one topic with one, two and three replicas, each to its own factor', () => {
    const brokers = [at(1), at(2), dead(3), at(4), at(5)]
    const mixed = [
      partition([3], [3], 3, [1, 1]),
      partition([1, 3], [1], 1, [1, 1]),
      partition([3, 2, 1], [2, 1], 2, [1, 1]),
    ]
    const orphan = { ...mixed[0]!, leader: null }
    const draft = plan(cluster({ brokers, topics: [topic('t', [orphan, ...mixed.slice(1)])] }))
    expect(partitionSteps(draft.steps).map((step) => listAfter(step).length)).toEqual([2, 3])
    expect(draft.deferred).toMatchObject([{ subject: 't-0', reason: { code: 'ONLY_COPY_LOST' } }])
  })

  it('leaves what another tool is moving alone, counts it, and heals the rest around it', () => {
    const brokers = [at(1), at(2), dead(3), at(4), at(5)]
    const theirs = { ...partition([4, 1, 3], [1], 1, [30, 1]), adding: [4], removing: [3] }
    const stuck = { ...partition([3, 1, 2], [1, 2], 1, [1, 1]), adding: [3], removing: [2] }
    const ours = partition([1, 3], [1], 1, [20, 1])
    const draft = plan(cluster({ brokers, topics: [topic('t', [theirs, stuck, ours])] }))
    expect(draft.deferred).toMatchObject([{ subject: 't-1', reason: { code: 'IN_FLIGHT' } }])
    // Broker 4 will carry 30 of its 35 MiB/s once their move has ended: there is no room for 20 more.
    expect(partitionSteps(draft.steps).map(listAfter)).not.toContainEqual([1, 4])
    expect(draft.steps).toHaveLength(1)
  })

  it('leaves the room on disk that another move has taken already', () => {
    const logDirs = [{ path: '/d', totalBytes: 100e9, usableBytes: 50e9 }]
    const brokers = [at(1), dead(3), { ...at(4), logDirs }]
    const sized = (sizeBytes: number, more: Omit<Partition, 'id'>) => ({ ...more, sizeBytes })
    const theirs = sized(40e9, { ...partition([4, 1], [1], 1, [1, 1]), adding: [4], removing: [1] })
    const ours = sized(20e9, partition([1, 3], [1], 1, [1, 1]))
    const alone = cluster({ brokers, topics: [topic('t', [ours])] })
    expect(plan(alone).steps).toHaveLength(1)
    const beside = cluster({ brokers, topics: [topic('t', [ours, theirs])] })
    expect(plan(beside).deferred).toMatchObject([{ reason: { code: 'NO_ROOM_LOG_DIR' } }])
  })

  it('says nothing of a topic that was deleted between two readings: what is not there is not healed', () => {
    const brokers = [at(1), at(2), dead(3), at(4)]
    const empty = cluster({ brokers, topics: [topic('gone', [])] })
    expect(plan(empty)).toMatchObject({ outcome: 'no-changes', findings: [] })
  })

  it('heals 20,000 partitions in a few seconds and a few hundred megabytes', () => {
    const ids = Array.from({ length: 100 }, (_unused, index) => index + 1)
    const brokers = ids.map((id) => (id === 50 ? dead(id, `r${id % 3}`) : at(id, `r${id % 3}`)))
    const replicasOf = (n: number): readonly number[] => [0, 1, 2].map((k) => ((n + k) % 100) + 1)
    const topics = Array.from({ length: 200 }, (_unused, t) =>
      topic(
        `topic-${t}`,
        Array.from({ length: 100 }, (_none, p) => {
          const replicas = replicasOf(t * 7 + p)
          const isr = replicas.filter((id) => id !== 50)
          return partition(replicas, isr, isr[0]!, [0.01, 0.02])
        }),
      ),
    )
    const snapshot = cluster({ brokers, topics })
    const [begunMs, heapBefore] = [performance.now(), process.memoryUsage().heapUsed]
    const draft = plan(snapshot)
    const heap = process.memoryUsage().heapUsed - heapBefore
    expect(draft.steps).toHaveLength(600)
    expect(performance.now() - begunMs).toBeLessThan(15_000)
    expect(heap).toBeLessThan(400e6)
  })
})
