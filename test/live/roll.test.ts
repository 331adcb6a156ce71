import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createTopic, startLab, type Lab } from '../lab/index.js'
import { look, until, type Looked } from './reassign-support.js'
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

const PARTITIONS = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
  [1, 3, 2],
  [2, 1, 3],
  [3, 2, 1],
]

describe.each(MODES)('a rolling restart of real brokers ($mode)', ({ mode, basePort }) => {
  let lab: Lab
  let cluster: Looked
  let operator: Operator

  beforeAll(async () => {
    lab = await startLab({ mode, brokers: 3, racks: 3, basePort, hosts: true })
    await createTopic(lab, 'orders', PARTITIONS, { 'min.insync.replicas': '2' })
    cluster = await look(lab.bootstrapServers)
    operator = new Operator(lab)
  })
  afterAll(async () => {
    await cluster.close()
    await lab.down()
  })

  async function expectWhole(): Promise<void> {
    const { topics, brokers } = await cluster.snapshot()
    const partitions = topics.flatMap((topic) => topic.partitions)
    expect(brokers.map(({ id, state }) => ({ id, state }))).toEqual(
      [1, 2, 3].map((id) => ({ id, state: 'alive' })),
    )
    expect(partitions.filter(({ leader, replicas }) => leader !== replicas[0])).toEqual([])
    expect(partitions.filter(({ isr, replicas }) => isr?.length !== replicas.length)).toEqual([])
  }

  it('restarts every broker under load without a producer noticing', async () => {
    const before = processesOf(lab)
    const controller = (await cluster.snapshot()).cluster.controller
    const stop = await produceAll(lab, 'orders', PARTITIONS.length)
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
    'finishes what a killed run began, and restarts every broker exactly once',
    async () => {
      const starts = () => [1, 2, 3].map((id) => startsOf(lab, id))
      const before = starts()
      const first = operator.restart(['--brokers', '1,2', '--order', 'given'])
      await until('a broker is down', 60_000, () =>
        [1, 2].some((id) => serviceLine(lab, id).startsWith('down:')),
      )
      first.kill('SIGKILL')
      expect((await first.ended).code).toBeNull()
      const ran = await operator.resume().ended
      expect(ran.code, ran.stderr).toBe(0)
      expect(reportOf(ran).complete).toBe(true)
      const [one = 0, two = 0, three = 0] = before
      expect(starts()).toEqual([one + 1, two + 1, three])
      await expectWhole()
    },
  )

  it.runIf(mode === 'kraft')(
    'leaves the broker running when a pre-start hook says no',
    async () => {
      const before = processesOf(lab)
      const hook = 'echo "$KLINIC_BROKER_ID $KLINIC_PHASE says no"; exit 7'
      const ran = await operator.restart([
        '--brokers',
        '2,1',
        '--order',
        'given',
        '--pre-start',
        hook,
      ]).ended
      expect(ran.code, ran.stderr).toBe(6)
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
    },
  )
})
