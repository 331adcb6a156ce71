import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Actor } from '../../../../src/lib/plan/actor.js'
import type { PlanKind, ReassignStep } from '../../../../src/lib/plan/plan.js'
import type { JournalRecord, StartedRecord } from '../../../../src/lib/ports/journal.js'

export const at = '2026-11-21T11:00:00.000Z'
export const CLUSTER = 'cluster-A_1'
export const PLAN = 'balance-1'

/** Someone on a host. */
export const someone = (host: string): Actor => ({ user: 'ops', host, pid: 1 })

/** A move's record. */
export const move = (step: number, state: 'intent' | 'done' = 'intent'): JournalRecord => ({
  type: 'move',
  at,
  step,
  state,
})

/** A throttle's record. */
export const throttle = (broker: string): JournalRecord => ({
  type: 'throttle',
  at,
  resource: { type: 'broker', name: broker },
  key: 'leader.replication.throttled.rate',
  before: null,
  mine: '1000042',
})

const step = (id: number): ReassignStep => ({
  id,
  type: 'reassign',
  topic: `topic-with-a-name-of-usual-length-${id % 97}`,
  topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
  partition: id,
  from: [(id * 7) % 11, 20, 30],
  to: [(id * 13) % 17, 40, 50],
  bytesToMove: (id * 7919) % 100_003,
  reason: { code: 'BALANCE', text: `moves ${(id * 31) % 1009} kB/s off broker ${(id * 7) % 11}` },
})

/** The start of an execution of a plan with so many steps. */
export function startedOn(
  host: string,
  steps = 3,
  executionId = `${PLAN}.x`,
  kind: PlanKind = 'balance',
): StartedRecord {
  return {
    type: 'started',
    format: 'klinic.journal/1',
    at,
    executionId,
    planSha256: '',
    plan: {
      format: 'klinic.plan/1',
      id: PLAN,
      kind,
      outcome: 'changes',
      complete: true,
      createdAt: at,
      cluster: { id: CLUSTER, fingerprint: 'sha256:0' },
      policy: {},
      steps: Array.from({ length: steps }, (_, index) => step(index + 1)),
      deferred: [],
      findings: [],
      summary: { replicaMoves: steps, leaderMoves: 0, bytesToMove: 0, brokers: [] },
    },
    actor: someone(host),
    options: {},
  }
}

/** A state directory that nobody has used yet. */
export function newStateDirectory(): string {
  return join(mkdtempSync(join(tmpdir(), 'klinic-journal-')), 'state')
}
