import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import type { Lab } from '../lab/index.js'
import type { needs } from './heal-need.js'
import type { Operations, Ran } from './heal-run-support.js'
import type { Ward } from './heal-support.js'
import { until } from './reassign-support.js'

/** What the scenarios of `heal run` share: one cluster, what they start from, and the hosts of its operators. */
export interface Stage extends Pick<Operations, 'ops' | 'other' | 'told'> {
  readonly lab: Lab
  readonly ward: Ward
  readonly need: ReturnType<typeof needs>
}

const EVERY_MS = 10_000
/** Of what has to happen at all: brokers, load and other tests share two cores. */
export const PATIENCE_MS = 240_000
/** More than all waits of a scenario together: one that times out must not go on beside the next. */
export const LONG_MS = 6 * PATIENCE_MS

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** How a command ended, with all it said. */
export const tell = ({ code, stdout, stderr }: Ran): string => `${code ?? ''}: ${stdout} ${stderr}`

/** Everything is well, and a heal run says so; what earlier scenarios left in the state is over with that. */
export async function beWell({ ops, need }: Stage): Promise<void> {
  await need()
  await until('a heal run finds nothing to do', PATIENCE_MS, async () => {
    return (await ops.heal()).report?.outcome === 'healthy'
  })
}

/** What cron sees over a failure and a recovery. */
export function runsFromCron(stage: () => Stage, forMs: number): void {
  it(
    'as cron would: one alert, one execution, one resolution over a failure and a recovery, and silence otherwise',
    async () => {
      const { lab, ops, told } = stage()
      await beWell(stage())
      const before = told().length
      const begun = Date.now()
      const outcomes: string[] = []
      let back = false
      while (Date.now() - begun < forMs || !back || outcomes.at(-1) !== 'healthy') {
        expect(Date.now() - begun, outcomes.join(' ')).toBeLessThan(forMs + PATIENCE_MS)
        const next = Date.now() + EVERY_MS
        const ran = await ops.heal()
        const { outcome, alerts = [] } = ran.report ?? {}
        outcomes.push(outcome ?? tell(ran))
        if (alerts.length === 0) expect(ran.stderr, outcomes.join(' ')).toBe('')
        if (outcomes.length === 1) await lab.kill(4)
        if (!back && outcomes.includes('healed')) {
          await lab.start(4)
          back = true
        }
        await sleep(Math.max(0, next - Date.now()))
      }
      expect(outcomes.filter((outcome) => outcome === 'healed')).toHaveLength(1)
      const odd = outcomes.filter((outcome) => !/^(healthy|too-early|healed)$/.test(outcome))
      expect(odd).toEqual([])
      expect(told().slice(before)).toEqual([
        'raised DEAD_BROKER broker 4',
        'resolved DEAD_BROKER broker 4',
      ])
    },
    forMs + LONG_MS,
  )
}

/** Maintenance that is begun on one host and met by a heal run on another. */
export function restsInMaintenance(stage: () => Stage): void {
  it(
    'rests in the maintenance that another host began and did not live to tell of, until it expires',
    async () => {
      const { ops, other } = stage()
      await beWell(stage())
      const start = ['maintenance', 'start', '--cluster', 'lab', '--confirm', 'lab']
      const begun = other.start(...start, '--reason', 'new disks', '--until', '1h')
      await until('another host has begun it', PATIENCE_MS, async () => {
        return (await ops.heal()).report?.outcome === 'maintenance'
      })
      begun.kill()
      await begun.ended
      const resting = await ops.heal()
      expect(tell(resting)).toMatch(/^75: .*new disks/s)
      const soon = await other.run(...start, '--reason', 'done', '--until', '3s')
      expect(soon.code, tell(soon)).toBe(0)
      await until('it is over', PATIENCE_MS, async () => {
        return (await ops.heal()).report?.outcome === 'healthy'
      })
    },
    LONG_MS,
  )
}

/** A second copy, a copy on another host, and a copy that is killed in the middle of a heal. */
export function goesOnElsewhere(stage: () => Stage): void {
  it(
    'a second copy exits 75 at once, and what a run left that was killed is gone on with from another host',
    async () => {
      const { lab, ops, other, told } = stage()
      await beWell(stage())
      const before = told().length
      const plans = join(ops.state, 'heal')
      const countPlans = (): number =>
        existsSync(plans)
          ? readdirSync(plans).flatMap((cluster) => readdirSync(join(plans, cluster))).length
          : 0
      const had = countPlans()
      await lab.kill(3)
      await until('broker 3 has been away for long enough', PATIENCE_MS, async () => {
        const plan = await ops.run('heal', 'plan', '--cluster', 'lab', '--json')
        return plan.code === 0 && (JSON.parse(plan.stdout) as { steps: unknown[] }).steps.length > 0
      })
      const run = ['heal', 'run', '--cluster', 'lab', '--confirm', 'lab', '--quiet']
      const first = ops.start(...run, '--throttle', '1MB')
      // The plan and its way back.
      await until('the first run carries its plan out', PATIENCE_MS, () => countPlans() >= had + 2)
      const [here, elsewhere] = await Promise.all([ops.heal(), other.heal()])
      first.kill()
      expect((await first.ended).code, 'the first run ended by itself').toBeNull()
      expect(tell(here)).toMatch(/^75: /)
      expect(tell(elsewhere)).toMatch(/^75: /)
      let again = await other.heal('--throttle', 'none')
      await until('the lock of the killed run is over', PATIENCE_MS, async () => {
        if (again.report?.outcome === 'locked') again = await other.heal('--throttle', 'none')
        return again.report?.outcome !== 'locked'
      })
      expect(tell(again)).toMatch(/^0: /)
      expect(again.report).toMatchObject({ outcome: 'healed', resumed: { exit: 'done' } })
      expect(told().slice(before)).toEqual([
        'raised DEAD_BROKER broker 3',
        'resolved DEAD_BROKER broker 3',
      ])
    },
    LONG_MS,
  )
}
