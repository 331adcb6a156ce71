import { describe, expect, it } from 'vitest'

import { holdCluster, type ClusterHold } from '../../../../src/lib/execution/lock/hold-cluster.js'
import { provingWriter } from '../../../../src/lib/execution/lock/proving-writer.js'
import {
  openSession,
  runSession,
  type OpenSession,
} from '../../../../src/lib/execution/reassign/session.js'
import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import type { ExecutionReport } from '../../../../src/lib/plan/execution-report.js'
import { play } from '../reassign/scene.js'

const error = (code: string, exit: 'stoppedHalfWay' | 'unreachable') =>
  new OperatorError({ code, message: 'the lock is not ours', exit })

/** Runs with a lock whose proofs fail as told; counts the changes that were let through. */
async function runWith(fail: (proof: number) => OperatorError | null) {
  let proofs = 0
  let changes = 0
  const changesByProof: number[] = []
  const hold: ClusterHold = {
    fence: '7',
    prove: () => {
      proofs += 1
      changesByProof.push(changes)
      const failure = fail(proofs)
      return failure === null ? Promise.resolve() : Promise.reject(failure)
    },
  }
  const work = (session: OpenSession): Promise<ExecutionReport> => {
    const { writer } = session.ports
    const counting = provingWriter(writer, {
      fence: null,
      prove: () => {
        changes += 1
        return Promise.resolve()
      },
    })
    const ports = { ...session.ports, writer: provingWriter(counting, hold) }
    return runSession(openSession({ ...session, ports }))
  }
  return { ...(await play({ work })), changes, proofs, changesByProof }
}

describe('an execution whose lock', () => {
  it('is proven carries everything out, with one proof before each change', async () => {
    const { report, changes, proofs } = await runWith(() => null)
    expect([report.exit, report.moves.done, proofs]).toEqual(['done', 3, changes])
  })

  it.each([1, 2, 3, 4, 5, 6])(
    'is lost at proof %i changes nothing more, leaves its throttle to others, and says so',
    async (lostAt) => {
      const lost = error('LOCK_LOST', 'stoppedHalfWay')
      const { report, changes } = await runWith((proof) => (proof >= lostAt ? lost : null))
      expect(report).toMatchObject({
        exit: 'stoppedHalfWay',
        code: 'LOCK_LOST',
        outcome: 'stopped',
      })
      expect(changes).toBe(lostAt - 1)
    },
  )

  it('is lost while its throttle is given back says that it stands, whatever proof it was', async () => {
    const { proofs: all } = await runWith(() => null)
    const lost = error('LOCK_LOST', 'stoppedHalfWay')
    const { report, changes } = await runWith((proof) => (proof >= all ? lost : null))
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', moves: { done: 3 } })
    expect(report.debts.length).toBeGreaterThan(0)
    expect(changes).toBe(all - 1)
  })

  it('cannot be proven for a while changes nothing for that while, and then goes on', async () => {
    const silent = error('LOCK_UNPROVEN', 'unreachable')
    const { report, changesByProof } = await runWith((proof) =>
      proof >= 3 && proof <= 5 ? silent : null,
    )
    expect(report).toMatchObject({ exit: 'done', moves: { done: 3 } })
    expect(changesByProof.slice(2, 6)).toEqual([2, 2, 2, 2])
  })
})

describe('the lock of a cluster', () => {
  const base = {
    clusterId: 'c',
    actor: { user: 'anna', host: 'ops-1', pid: 1 },
    clock: { nowMs: () => 0 },
    what: 'reassign execute plan-1',
  }
  const bob = { user: 'bob', host: 'ops-2', pid: 2, since: 'noon', what: 'roll restart roll-1' }

  it('of all hosts is refused with who has it, and that of this host is given back', async () => {
    const steps: string[] = []
    const store = {
      lock: () => {
        steps.push('taken here')
        return Promise.resolve(() => {
          steps.push('given back here')
          return Promise.resolve()
        })
      },
    }
    const coordination = { lock: () => Promise.resolve(bob) }
    const lock = { kind: 'all-hosts', coordination } as const
    await expect(
      holdCluster({ ...base, store, lock }, () => Promise.resolve(steps.push('worked'))),
    ).rejects.toMatchObject({
      code: 'LOCKED',
      exit: 'tryLater',
      message: 'Cluster c is held by bob@ops-2 (process 2, roll restart roll-1) since noon.',
    })
    expect(steps).toEqual(['taken here', 'given back here'])
  })

  it('that is held for the whole of a command is not taken again', async () => {
    const store = { lock: () => Promise.reject(new Error('taken again')) }
    const hold: ClusterHold = { fence: '3', prove: () => Promise.resolve() }
    const input = { ...base, store, lock: { kind: 'held', hold } as const }
    expect(await holdCluster(input, ({ fence }) => Promise.resolve(fence))).toBe('3')
  })
})
