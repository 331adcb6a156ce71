import assert from 'node:assert/strict'

import { rollbackOf } from '../../../../../src/lib/plan/rollback.js'
import { planFor } from './plan-for.js'
import { begin, build, checkWhole, isFinished, runUntilOver, type Schedule } from './schedules.js'

/** What a rollback of lists whose second replica had led comes to: lists in order, and that replica leads again. */
export async function checkLeadersBack(schedule: Schedule): Promise<void> {
  const s = { ...schedule, outage: null, deletion: null }
  const moves = s.moves.map(({ from, to }) => ({ from: to, to: from }))
  const { world, configsBefore } = build({ ...s, moves })
  const leaders = new Map(s.moves.map(({ from }, index) => [`t${index % 3}-${index}`, from[1]!]))
  const plan = rollbackOf(planFor(s.moves), leaders)
  begin(world, plan, schedule)
  await runUntilOver(world, plan, s.kills)
  world.pass(120_000)
  assert.ok(isFinished(world), 'the execution comes to an end')
  for (const [index, { from }] of s.moves.entries()) {
    const { replicas, leader } = world.cluster.partition(`t${index % 3}`, index)!
    assert.deepEqual([replicas, leader], [from, from[1]])
  }
  await checkWhole(world, plan, configsBefore)
}
