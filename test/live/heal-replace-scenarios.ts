import { expect, it } from 'vitest'

import type { ActionEntry } from '../../src/lib/plan/action-entry.js'
import type { ReplaceReport } from '../../src/lib/plan/replace-report.js'
import { beWell, LONG_MS, PATIENCE_MS, tell, type Stage } from './heal-run-scenarios.js'
import type { Ran } from './heal-run-support.js'
import { until } from './reassign-support.js'

const say = (text: string): readonly string[] => ['--', '/bin/sh', '-c', text]

/** What stands in the action log on broker replacements, oldest first. */
async function stepsOf({ ops }: Stage, broker: number): Promise<readonly ActionEntry[]> {
  const { stdout } = await ops.run('actions', 'log', '--cluster', 'lab', '--json')
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ActionEntry)
    .filter(({ what }) => what === `broker replace broker ${broker}`)
}

/** `broker replace` on a real cluster. */
export function replacesBrokers(stage: () => Stage): void {
  const replace = (broker: number, ...words: readonly string[]): Promise<Ran> =>
    stage().ops.run(
      ...['broker', 'replace', String(broker), '--cluster', 'lab', '--confirm', 'lab'],
      ...words,
    )

  it(
    'does not replace a broker for dead that answers, nor one that may be restarting, nor any while another is sick',
    async () => {
      const { lab } = stage()
      await beWell(stage())
      const alive = await replace(2, '--reason', 'dead', '--ignore-cooldown', '--', '/bin/true')
      expect(tell(alive)).toMatch(/^3: .*BROKER_ANSWERS|^3: .*is not dead, it answers/s)
      await lab.kill(1)
      await until('broker 1 is missed', PATIENCE_MS, async () => !(await stage().ward.lists(1)))
      const early = await replace(1, '--reason', 'dead', '--min-dead-for', '1h', ...say('exit 0'))
      expect(tell(early)).toMatch(/^75: .*may be restarting/s)
      const other = await replace(2, '--reason', 'degraded', ...say('exit 0'))
      expect(tell(other)).toMatch(/^3: .*another broker is not well: broker 1/s)
    },
    LONG_MS,
  )

  it(
    'replaces a dead broker on two signals by the script, writes each step down, and no other within the cooldown',
    async () => {
      const { lab, need, ward } = stage()
      await need({ dead: [1] })
      const before = (await stepsOf(stage(), 1)).length
      const script = say('echo "$KLINIC_BROKER_ID is $KLINIC_REASON at $KLINIC_PORT"')
      const words = ['--reason', 'dead', '--ignore-cooldown', '--json', ...script]
      let ran = await replace(1, ...words)
      await until('broker 1 has been away for long enough', PATIENCE_MS, async () => {
        if (ran.code === 75) ran = await replace(1, ...words)
        return ran.code !== 75
      })
      expect(tell(ran)).toMatch(/^0: /)
      const report = JSON.parse(ran.stdout) as ReplaceReport
      const port = lab.brokers.find(({ id }) => id === 1)?.port ?? 0
      expect(report.drain).toBeNull()
      expect(report.script).toMatchObject({ exitCode: 0, output: `1 is dead at ${port}\n` })
      const steps = (await stepsOf(stage(), 1)).slice(before)
      const done = steps
        .map(({ record }) => JSON.stringify(record))
        .filter((text) => text.includes('(dead): ') && !text.includes('--ignore-cooldown'))
      expect(done).toEqual([
        expect.stringContaining('replacement of broker 1 (dead): begun'),
        expect.stringContaining('replacement of broker 1 (dead): runs /bin/sh'),
        expect.stringContaining(`1 is dead at ${port}`),
      ])
      await lab.start(1)
      await ward.untilWhole(PATIENCE_MS)
      const soon = await replace(2, '--reason', 'degraded', ...say('exit 0'))
      expect(tell(soon)).toMatch(/^75: .*the next replacement may begin at/s)
    },
    LONG_MS,
  )

  it(
    'drains a degraded broker before its script, obeys the script, tells people that it said no, and that it is over',
    async () => {
      const { told, ward } = stage()
      await beWell(stage())
      const before = told().length
      const led = await ledBy(ward, 2)
      expect(led).not.toEqual([])
      const no = await replace(
        2,
        ...['--reason', 'degraded', '--ignore-cooldown', '--json'],
        ...say('echo not today; exit 9'),
      )
      expect(tell(no)).toMatch(/^6: .*exited 9.*not today|^6: .*not today.*exited 9/s)
      const report = JSON.parse(no.stdout) as ReplaceReport
      expect(report.drain).toMatchObject({ exit: 'done' })
      expect(await ledBy(ward, 2)).toEqual([])
      const done = await replace(
        2,
        ...['--reason', 'decommissioned', '--ignore-cooldown', '--json'],
        ...say('echo gone'),
      )
      expect(tell(done)).toMatch(/^0: /)
      expect(told().slice(before)).toEqual([
        'raised REPLACEMENT_FAILED broker 2',
        'resolved REPLACEMENT_FAILED broker 2',
      ])
    },
    LONG_MS,
  )
}

/** Partitions that a broker leads. */
async function ledBy({ cluster }: Stage['ward'], broker: number): Promise<readonly string[]> {
  const { topics } = await cluster.snapshot()
  return topics.flatMap(({ name, partitions }) =>
    partitions.filter(({ leader }) => leader === broker).map(({ id }) => `${name}-${id}`),
  )
}
