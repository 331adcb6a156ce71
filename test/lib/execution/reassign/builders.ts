import type { Move } from '../../../../src/lib/execution/reassign/moves.js'
import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import { assemblePlan } from '../../../../src/lib/plan/assemble-plan.js'
import type { Plan } from '../../../../src/lib/plan/plan.js'

/** A move of `orders-<partition>`; the step has the number of the partition. */
export function makeMove(
  partition: number,
  from: readonly number[],
  to: readonly number[],
  bytes = 100,
): Move {
  const adding = to.filter((id) => !from.includes(id))
  return {
    step: partition,
    key: `orders-${partition}`,
    topic: 'orders',
    topicId: 'orders-id',
    partition,
    from,
    to,
    adding,
    bytesToMove: bytes * adding.length,
    leader: to[0] ?? -1,
    changesReplicationFactor: from.length !== to.length,
  }
}

/** Four brokers in two racks, each with one log directory of 1,000 bytes, 500 of them free; topic orders as given. */
export function makeSnapshot(
  partitions: Snapshot['topics'][number]['partitions'],
  more: Partial<Snapshot> = {},
): Snapshot {
  return {
    format: 'klinic.snapshot/1',
    cluster: { id: 'c1', metadata: 'kraft' },
    capturedAt: '2026-11-21T11:00:00.000Z',
    brokers: [1, 2, 3, 4].map((id) => ({
      id,
      host: 'h',
      port: id,
      rack: id % 2 === 0 ? 'a' : 'b',
      state: 'alive' as const,
      logDirs: [{ path: '/data', totalBytes: 1000, usableBytes: 500 }],
    })),
    topics: [{ name: 'orders', topicId: 'orders-id', partitions }],
    ...more,
  }
}

/** A plan of one step, made from this snapshot: `orders-0` goes from one replica list to another. */
export function makeOneStepPlan(
  snapshot: Snapshot,
  from: readonly number[],
  to: readonly number[],
  bytesToMove = 100,
): Plan {
  return assemblePlan(snapshot, {
    kind: 'balance',
    outcome: 'changes',
    complete: true,
    policy: {},
    steps: [
      {
        id: 1,
        type: 'reassign',
        topic: 'orders',
        topicId: 'orders-id',
        partition: 0,
        from,
        to,
        bytesToMove,
        reason: { code: 'TEST', text: 'test' },
      },
    ],
    deferred: [],
    findings: [],
    summary: { replicaMoves: 1, leaderMoves: 0, bytesToMove, brokers: [] },
  })
}
