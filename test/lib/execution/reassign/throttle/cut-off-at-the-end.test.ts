import { describe, expect, it } from 'vitest'

import { endOfCleanup, planCleanup } from '../../../../../src/lib/execution/reassign/cleanup.js'
import { Run } from '../../../../../src/lib/execution/reassign/run.js'
import { concludeSession } from '../../../../../src/lib/execution/reassign/session.js'
import { describeReassignments } from '../../../../../src/lib/execution/reassign/status.js'
import type { JournalRecord } from '../../../../../src/lib/ports/journal.js'
import { makeSnapshot } from '../builders.js'
import { play, playIn, stage } from '../scene.js'

/** What a host shows that has carried out another plan, on other brokers, since then. */
const statusOf = async (records: readonly JournalRecord[]) => {
  const later = (await play({})).world.records
  return describeReassignments({
    snapshot: makeSnapshot([]),
    disks: { sizes: new Map(), leastFree: new Map() },
    journals: [later, records].map((one) => ({ path: 'j', records: one, torn: false })),
    who: { here: { user: 'u', host: 'h' }, holders: [], unasked: null },
  })
}

const cutOff = async () => {
  const world = stage({})
  const played = await playIn(world, {
    work: (session) =>
      concludeSession(session, async () => {
        const end = await new Run({ ...session, heals: false }).toEnd()
        world.cluster.outOfReach = true
        return end
      }),
  })
  return { ...played, world }
}

describe('a cluster that is out of reach when the last move is done', () => {
  it('is owed its throttle: the journal says so, status shows it, and cleanup pays it', async () => {
    const { report, state, world } = await cutOff()
    expect(report).toMatchObject({ exit: 'stoppedHalfWay', code: 'THROTTLE_OWED', kept: [] })
    expect(state.ended?.outcome).toBe('finished')
    expect(state.holdings.held.size).toBe(0)
    expect(state.holdings.debts.size).toBeGreaterThan(0)
    expect(report.debts).toHaveLength(state.holdings.debts.size)
    const { executions } = planCleanup(await statusOf(world.records))
    expect(executions.map(({ debts }) => debts.length)).toEqual([state.holdings.debts.size])
    world.cluster.outOfReach = false
    const paid = await playIn(world, {
      work: (session) => concludeSession(session, () => endOfCleanup(session)),
    })
    expect(paid.report).toMatchObject({ exit: 'done', debts: [] })
    expect([...world.cluster.configs]).toEqual([])
  })

  it('counts as open, too, in a journal of a version that did not write the debt down', async () => {
    const { world } = await cutOff()
    const old = world.records.filter(
      (record) => record.type !== 'release' || record.outcome !== 'debt',
    )
    const { executions } = await statusOf(old)
    expect(executions).toHaveLength(2)
  })
})
