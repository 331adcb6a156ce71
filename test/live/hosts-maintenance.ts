import { expect, it } from 'vitest'

import type { MaintenanceList } from '../../src/lib/coordination/maintenance-list.js'
import { CONFIRMED, type Stage } from './hosts-support.js'
import { until } from './reassign-support.js'

/** Maintenance that is begun on one host and met on another. */
export function obeysMaintenance(stage: () => Stage): void {
  it('obeys on one host the maintenance that was begun on another, and forgets it when it is over', async () => {
    const { a, b } = stage()
    const brokers = ['--brokers', '1,2', '--reason', 'new disks'] as const
    const begun = a.start('maintenance', 'start', ...brokers, '--until', '1h', ...CONFIRMED)
    await until('it has begun', 120_000, () => begun.stdout().includes('broker 2'))
    begun.kill('SIGKILL')
    await begun.ended
    const { file } = await stage().newPlan()
    const execute = ['reassign', 'execute', file, ...CONFIRMED, '--json', '--dry-run']
    const [refused, lifted, planned] = await Promise.all([
      b.run(...execute),
      b.run(...execute, '--ignore-maintenance'),
      b.run('decommission', 'plan', '--brokers', '1', '--json'),
    ])
    expect([refused.code, refused.stdout]).toEqual([
      75,
      expect.stringContaining('BROKER_IN_MAINTENANCE'),
    ])
    expect(lifted.code, lifted.stdout).toBe(0)
    const plan = JSON.parse(planned.stdout) as {
      readonly steps: readonly { readonly to?: readonly number[] }[]
      readonly findings: readonly { readonly code: string }[]
    }
    expect(plan.findings.map(({ code }) => code)).toContain('BROKER_IN_MAINTENANCE')
    expect(plan.steps.flatMap(({ to }) => to ?? [])).not.toContain(2)
    // Another end replaces the one that stands.
    const soon = await b.run('maintenance', 'start', ...brokers, '--until', '3s', ...CONFIRMED)
    expect(soon.code, soon.stderr).toBe(0)
    await until('it is over', 120_000, async () => {
      const { stdout } = await a.run('maintenance', 'list', '--json')
      return (JSON.parse(stdout) as MaintenanceList).brokers.length === 0
    })
    expect((await b.run(...execute)).code).toBe(0)
  })
}
