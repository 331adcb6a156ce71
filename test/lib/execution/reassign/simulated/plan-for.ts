import type { Plan } from '../../../../../src/lib/plan/plan.js'

/** The plan of the moves of a schedule. */
export function planFor(
  moves: readonly { readonly from: readonly number[]; readonly to: readonly number[] }[],
): Plan {
  return {
    format: 'klinic.plan/1',
    id: 'import-00000000',
    kind: 'import',
    outcome: 'changes',
    complete: true,
    createdAt: '2026-11-21T11:00:00.000Z',
    cluster: { id: 'sim', fingerprint: 'sha256:0' },
    policy: {},
    steps: moves.map(({ from, to }, index) => ({
      id: index + 1,
      type: 'reassign',
      topic: `t${index % 3}`,
      topicId: `t${index % 3}-id`,
      partition: index,
      from,
      to,
      bytesToMove: 1000,
      reason: { code: 'TEST', text: 'test' },
    })),
    deferred: [],
    findings: [],
    summary: { replicaMoves: 0, leaderMoves: 0, bytesToMove: 0, brokers: [] },
  }
}
