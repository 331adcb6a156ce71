import { expect, it } from 'vitest'

import type { LockStatus } from '../../src/lib/coordination/lock-status.js'
import type { ExecutionReport } from '../../src/lib/plan/execution-report.js'
import type { Ran } from '../klinic-process.js'
import { CONFIRMED, type Stage } from './hosts-support.js'
import { until } from './reassign-support.js'

/** The document that ends `--json-events`. */
const reportOf = ({ stdout, stderr }: Ran): ExecutionReport => {
  const last = stdout.trim().split('\n').at(-1) ?? ''
  const { report } = JSON.parse(last) as { report?: ExecutionReport }
  if (report === undefined) throw new Error(`no report: ${last} ${stderr}`)
  return report
}

/** Two operators on two hosts; one test a sentence. */
export function keepsOthersAway(stage: () => Stage): void {
  it('refuses the second operator, says who works since when, and stops the first when its lock is broken', async () => {
    const { a, b, cluster, changes } = stage()
    const { file, id } = await stage().newPlan(4)
    const first = await stage().startSlowly(a, 'reassign', 'execute', file)
    const [shown, second] = await Promise.all([
      b.run('lock', 'show', '--json'),
      b.run('reassign', 'execute', (await stage().newPlan()).file, ...CONFIRMED, '--json'),
    ])
    const { holder, onThisHost } = JSON.parse(shown.stdout) as LockStatus
    expect(holder).toMatchObject({ pid: first.child.pid, what: `reassign execute ${id}` })
    expect([shown.code, onThisHost]).toEqual([0, null])
    expect(second.code, second.stdout).toBe(75)
    for (const part of [
      'LOCKED',
      `process ${first.child.pid ?? 0}`,
      id,
      holder?.since ?? 'since',
    ]) {
      expect(second.stdout).toContain(part)
    }
    const broken = await b.run('lock', 'break', ...CONFIRMED, '--json')
    expect([broken.code, JSON.parse(broken.stdout)]).toMatchObject([
      0,
      { broken: { what: holder?.what } },
    ])
    const before = changes()
    const ran = await first.ended
    expect([ran.code, reportOf(ran).code]).toEqual([5, 'LOCK_LOST'])
    expect([before > 0, changes()]).toEqual([true, before])
    // What it left is found, and given back, by who comes after it.
    const cancelled = await b.run('reassign', 'cancel', id, ...CONFIRMED, '--json')
    expect(cancelled.code, cancelled.stdout).toBe(0)
    expect((await cluster.state()).throttles).toEqual([])
  })

  it('makes no change when it was stopped for a while and another host has gone on meanwhile', async () => {
    const { a, b, cluster, changes } = stage()
    const { file, id } = await stage().newPlan(2)
    const zombie = await stage().startSlowly(a, 'reassign', 'execute', file)
    zombie.kill('SIGSTOP')
    try {
      const host = stage().coordination((await cluster.snapshot()).cluster.id)
      await until('its lock runs out', 120_000, async () => (await host.holder()) === null)
      await host.close()
      const resumed = await stage().resume(b, id)
      expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0)
      expect(JSON.parse(resumed.stdout)).toMatchObject({ outcome: 'finished', moves: { done: 2 } })
      expect(await stage().throttles()).toEqual([])
    } finally {
      zombie.kill('SIGCONT')
    }
    const before = changes()
    const ran = await zombie.ended
    expect([ran.code, reportOf(ran).code]).toEqual([5, 'LOCK_LOST'])
    expect([changes(), await stage().throttles()]).toEqual([before, []])
  })
}
