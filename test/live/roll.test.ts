import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { seeded } from '../chaos/random.js'
import { createTopic, startLab, type Lab } from '../lab/index.js'
import { killRoll } from '../roll/kill-rolls.js'
import { findHarm, ROTATED } from '../roll/stage.js'
import { look, type Looked } from './reassign-support.js'
import {
  Operator,
  processesOf,
  produceAll,
  reportOf,
  serviceLine,
  startsOf,
} from './roll-support.js'

const MODES = [
  { mode: 'kraft', basePort: 25100 },
  { mode: 'zookeeper', basePort: 25300 },
] as const

/** Kills of the roll that is killed; `npm run roll:kills` does it more often. */
const KILLS = 3
const SEED = 5
/** About a minute on a machine of its own; on a busy one it takes what it takes. */
const KILLS_WITHIN_MS = 480_000
const HOOKS_WITHIN_MS = 480_000

describe.each(MODES)('a rolling restart of real brokers ($mode)', ({ mode, basePort }) => {
  let lab: Lab
  let cluster: Looked
  let operator: Operator

  beforeAll(async () => {
    lab = await startLab({ mode, brokers: 3, racks: 3, basePort, hosts: true })
    await createTopic(lab, 'orders', ROTATED, { 'min.insync.replicas': '2' })
    cluster = await look(lab.bootstrapServers)
    operator = new Operator(lab)
  })
  afterAll(async () => {
    await cluster.close()
    await lab.down()
  })

  const expectWhole = async (): Promise<void> =>
    expect(findHarm(await cluster.snapshot(), [1, 2, 3])).toEqual([])

  it('restarts every broker under load without a producer noticing', async () => {
    const before = processesOf(lab)
    const controller = (await cluster.snapshot()).cluster.controller
    const stop = await produceAll(lab, 'orders', ROTATED.length)
    const ran = await operator.restart([]).ended
    const truth = await stop()
    const report = reportOf(ran)
    expect(ran.code, ran.stderr).toBe(0)
    expect(report).toMatchObject({ complete: true, exit: 'done' })
    expect(report.brokers.map(({ result }) => result)).toEqual(Array(3).fill('restarted'))
    if (mode === 'zookeeper') expect(report.brokers.at(-1)?.broker).toBe(controller)
    const after = processesOf(lab)
    for (const id of [1, 2, 3]) expect(after.get(id)).not.toBe(before.get(id))
    expect(truth).toMatchObject({ failed: 0, belowMinIsr: 0 })
    expect(truth.acked).toBeGreaterThan(100)
    await expectWhole()
  })

  it.runIf(mode === 'kraft')(
    `is killed ${KILLS} times, and restarts every broker exactly once`,
    async () => {
      const said: string[] = []
      const say = (line: string): void => void said.push(line)
      const { violations } = await killRoll(lab, { kills: KILLS, random: seeded(SEED), say })
      expect(violations, said.join('\n')).toEqual([])
      expect(said).toHaveLength(KILLS)
    },
    KILLS_WITHIN_MS,
  )

  it.runIf(mode === 'kraft')(
    'has what a failed pre-start hook did undone, starts the broker, and restarts it once more when the hook is right',
    async () => {
      const own = new Operator(lab)
      const before = processesOf(lab)
      const hook = 'echo "$KLINIC_BROKER_ID $KLINIC_PHASE says no"; exit 7'
      const undo = 'echo "undone for $KLINIC_BROKER_ID"'
      const order = ['--brokers', '2,1', '--order', 'given']
      const hooks = ['--pre-start', hook, '--rollback-cmd', undo]
      const ran = await own.restart([...order, ...hooks]).ended
      expect(ran.code, ran.stderr).toBe(6)
      expect(ran.stderr).toContain('rollback hook exited 0: undone for 2')
      expect(reportOf(ran)).toMatchObject({
        complete: false,
        failure: { code: 'HOOK_SAID_NO' },
        brokers: [
          { broker: 2, result: 'failed' },
          { broker: 1, result: 'not-started' },
        ],
      })
      expect(serviceLine(lab, 2)).toMatch(/^run:/)
      expect(processesOf(lab).get(1)).toBe(before.get(1))
      await expectWhole()

      const starts = [1, 2].map((id) => startsOf(lab, id))
      const resumed = await own.resume(['--pre-start', 'echo right']).ended
      expect(resumed.code, resumed.stderr).toBe(0)
      expect(reportOf(resumed).complete).toBe(true)
      expect([1, 2].map((id) => startsOf(lab, id))).toEqual(starts.map((times) => times + 1))
      expect(resumed.stderr.match(/pre-start hook exited 0: right/g)).toHaveLength(2)
      await expectWhole()
    },
    HOOKS_WITHIN_MS,
  )
})
