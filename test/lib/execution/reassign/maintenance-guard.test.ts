import { describe, expect, it } from 'vitest'

import { markMaintenance } from '../../../../src/lib/coordination/mark-maintenance.js'
import {
  applyFlags,
  refusalOf,
} from '../../../../src/lib/execution/reassign/guards/check-guards.js'
import {
  guardMaintenance,
  maintenanceGuards,
} from '../../../../src/lib/execution/reassign/guards/maintenance-guard.js'
import { movesOf } from '../../../../src/lib/execution/reassign/moves.js'
import type { SnapshotMaintenance } from '../../../../src/lib/model/snapshot-maintenance.js'
import type { Plan } from '../../../../src/lib/plan/plan.js'
import { makeOneStepPlan, makeSnapshot } from './builders.js'

const CALM = makeSnapshot([{ id: 0, replicas: [1, 2], isr: [1, 2], leader: 1, sizeBytes: 100 }])
const NOTE = {
  user: 'anna',
  host: 'ops-1',
  reason: 'new disks',
  since: '2026-11-21T10:00:00.000Z',
  until: '2026-11-21T12:00:00.000Z',
}

const planFor = (maintenance: SnapshotMaintenance): Plan =>
  makeOneStepPlan(markMaintenance(CALM, maintenance), [1, 2], [1, 3])

const guardsFor = (maintenance: SnapshotMaintenance) => {
  const plan = planFor({ brokers: [] })
  return guardMaintenance({
    plan,
    moves: movesOf(plan),
    snapshot: markMaintenance(CALM, maintenance),
  })
}

describe('maintenance', () => {
  it('of the cluster stops an execution for now, and says who, why and until when', () => {
    const refusal = refusalOf(guardsFor({ cluster: NOTE, brokers: [] }))
    expect(refusal).toMatchObject({ code: 'CLUSTER_IN_MAINTENANCE', exit: 'tryLater' })
    expect(refusal?.message).toContain(
      'anna@ops-1 since 2026-11-21T10:00:00.000Z until 2026-11-21T12:00:00.000Z: new disks',
    )
    expect(refusal?.message).toContain('--ignore-maintenance')
  })

  it('of a broker forbids to give it replicas, and nothing else', () => {
    const codes = (broker: number) =>
      guardsFor({ brokers: [{ ...NOTE, broker }] }).map(({ code }) => code)
    expect([codes(3), codes(1)]).toEqual([['BROKER_IN_MAINTENANCE'], []])
  })

  it('that nobody can read stops an execution, and one flag lifts that too', () => {
    const guards = guardsFor({ brokers: [], unread: { code: 'TIMED_OUT', message: 'no answer' } })
    expect(refusalOf(guards)).toMatchObject({ code: 'MAINTENANCE_UNREAD', exit: 'refused' })
    expect(applyFlags(guards, new Set(['ignore-maintenance'])).standing).toEqual([])
  })

  it('of one’s own does not stop a rolling restart', () => {
    const isMine = ({ user }: { user: string }) => user === 'anna'
    const maintenance = { cluster: NOTE, brokers: [{ ...NOTE, broker: 1 }] }
    expect(maintenanceGuards({ maintenance }, new Set([1]), isMine)).toEqual([])
    const other = { cluster: { ...NOTE, user: 'bob' }, brokers: [] }
    expect(maintenanceGuards({ maintenance: other }, new Set([1]), isMine)).toHaveLength(1)
  })

  it('stands in a plan: as a finding, and as a broker that is given nothing', () => {
    const maintenance = { cluster: NOTE, brokers: [{ ...NOTE, broker: 3 }] }
    expect(planFor(maintenance).findings.map(({ code, subject }) => [code, subject])).toEqual([
      ['CLUSTER_IN_MAINTENANCE', 'cluster c1'],
      ['BROKER_IN_MAINTENANCE', 'broker 3'],
    ])
    const { brokers } = markMaintenance(CALM, maintenance)
    expect(brokers.find(({ id }) => id === 3)?.state).toBe('draining')
  })
})
