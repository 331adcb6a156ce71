import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createTopic, startLab, type Lab } from '../lab/index.js'
import { openWard, type Ran } from './heal-run-support.js'
import { fill, until } from './reassign-support.js'

/** `npm run soak:heal` sets both modes and 300 s; without a mode nothing of this is run. */
const WISHED = process.env['KLINIC_SOAK_MODES']
const MODES = (WISHED ?? 'kraft').split(',').map((mode, index) => ({
  mode: mode === 'zookeeper' ? ('zookeeper' as const) : ('kraft' as const),
  basePort: 27_100 + 100 * index,
}))
const SOAK_MS = Number(process.env['KLINIC_SOAK_SECONDS'] ?? '60') * 1000
const EVERY_MS = 10_000
/** Of what has to happen at all: brokers, load and other tests share two cores. */
const PATIENCE_MS = 240_000

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const told = ({ code, stdout, stderr }: Ran): string => `${code ?? ''}: ${stdout} ${stderr}`

// Only where modes are named (npm run soak:heal): it has not passed on a real cluster yet.
describe.skipIf(WISHED === undefined).each(MODES)(
  'heal run on a real cluster ($mode)',
  ({ mode, basePort }) => {
    let lab: Lab
    let ward: Awaited<ReturnType<typeof openWard>>
    const lists = [
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 1],
      [1, 3],
    ]

    beforeAll(async () => {
      lab = await startLab({ mode, brokers: 4, racks: 2, basePort, logDirs: 1 })
      await createTopic(lab, 'orders', lists, {})
      await fill(lab.bootstrapServers, 'orders', [1, 2, 3], 8)
      ward = await openWard(lab)
    })
    afterAll(async () => {
      await ward.close()
      await lab.down()
    })

    it(
      'as cron would: one alert, one execution, one resolution over a failure and a recovery, and silence otherwise',
      async () => {
        const begun = Date.now()
        const outcomes: string[] = []
        let killed = false
        let back = false
        while (Date.now() - begun < SOAK_MS || !back) {
          expect(Date.now() - begun, outcomes.join(' ')).toBeLessThan(SOAK_MS + PATIENCE_MS)
          const next = Date.now() + EVERY_MS
          const ran = await ward.ops.heal()
          const { outcome, alerts = [] } = ran.report ?? {}
          outcomes.push(outcome ?? told(ran))
          if (alerts.length === 0) expect(ran.stderr, outcomes.join(' ')).toBe('')
          if (outcome === 'healthy' && !killed) {
            await lab.kill(4)
            killed = true
          } else if (killed && !back && outcomes.includes('healed')) {
            await lab.start(4)
            back = true
          }
          await sleep(Math.max(0, next - Date.now()))
        }
        expect(outcomes.filter((outcome) => outcome === 'healed')).toHaveLength(1)
        expect(outcomes.filter((outcome) => !/^(healthy|too-early|healed)$/.test(outcome))).toEqual(
          [],
        )
        expect(ward.told()).toEqual([
          'raised DEAD_BROKER broker 4',
          'resolved DEAD_BROKER broker 4',
        ])
      },
      SOAK_MS + 2 * PATIENCE_MS,
    )

    it(
      'a second copy exits 75 at once, and what a run left that was killed is gone on with first',
      async () => {
        const before = ward.told().length
        await until('all is well', PATIENCE_MS, async () => (await ward.ops.heal()).code === 0)
        await lab.kill(3)
        const slow = ['--throttle', '1MB'] as const
        await until('broker 3 has been away for long enough', PATIENCE_MS, async () => {
          const plan = await ward.ops.run('heal', 'plan', '--cluster', 'lab', '--json')
          return plan.code === 0
        })
        const first = ward.ops.start(
          'heal',
          'run',
          '--cluster',
          'lab',
          '--confirm',
          'lab',
          '--quiet',
          ...slow,
        )
        const plans = join(ward.ops.state, 'heal')
        await until('the first run carries its plan out', PATIENCE_MS, () => {
          const [cluster] = existsSync(plans) ? readdirSync(plans) : []
          // The plan and its rollback file of the first test, and of this one.
          return cluster !== undefined && readdirSync(join(plans, cluster)).length === 4
        })
        const [here, elsewhere] = await Promise.all([ward.ops.heal(), ward.other.heal()])
        expect(told(here)).toMatch(/^75: /)
        expect(told(elsewhere)).toMatch(/^75: /)
        first.kill()
        await first.ended
        const again = await ward.ops.heal('--throttle', 'none')
        expect(told(again)).toMatch(/^0: /)
        expect(again.report).toMatchObject({ outcome: 'healed', resumed: { exit: 'done' } })
        expect(ward.told().slice(before)).toEqual([
          'raised DEAD_BROKER broker 3',
          'resolved DEAD_BROKER broker 3',
        ])
        await lab.start(3)
      },
      3 * PATIENCE_MS,
    )

    it(
      'does not replace a broker for dead that answers, and obeys the script for one that is degraded',
      async () => {
        const replace = (...words: readonly string[]): Promise<Ran> =>
          ward.ops.run('broker', 'replace', '2', '--cluster', 'lab', '--confirm', 'lab', ...words)
        await until('all is well', PATIENCE_MS, async () => (await ward.ops.heal()).code === 0)
        const alive = await replace('--reason', 'dead', '--', '/bin/true')
        expect(told(alive)).toMatch(/^3: .*BROKER_ANSWERS/s)
        const no = await replace(
          '--reason',
          'degraded',
          '--',
          '/bin/sh',
          '-c',
          'echo not today; exit 9',
        )
        expect(told(no)).toMatch(/^6: .*exited 9.*not today/s)
        const soon = await replace('--reason', 'degraded', '--', '/bin/true')
        expect(told(soon)).toMatch(/^75: .*IN_COOLDOWN/s)
        const done = await replace(
          '--reason',
          'degraded',
          '--ignore-cooldown',
          '--',
          '/bin/sh',
          '-c',
          'echo $KLINIC_BROKER_ID',
        )
        expect(told(done)).toMatch(/^0: .*\| 2$/ms)
      },
      2 * PATIENCE_MS,
    )
  },
)
