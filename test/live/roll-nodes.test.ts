import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createTopic, startLab, type Lab } from '../lab/index.js'
import { findHarm } from '../roll/stage.js'
import { look, type Looked, until } from './reassign-support.js'
import { Operator, processesOf, reportOf, startsOf } from './roll-support.js'

const CONTROLLERS = [100, 101, 102]
const WITHIN_MS = 300_000
const SV = 'sv'

/** Without a wait of its own: `sv` gives up after 7 s, which a busy machine may need. */
const tell = (verb: 'up' | 'down' | 'status', service: string): string =>
  spawnSync(SV, ['-w', '0', verb, service], { encoding: 'utf8' }).stdout

/** Nodes that are no brokers, each a service of its own, and a broker under another manager than the rest. */
describe('a rolling restart of controllers, and of a broker under supervisord', () => {
  let lab: Lab
  let cluster: Looked
  let operator: Operator
  const controllerService = (id: number | string): string => `${lab.dir}/controllers/${id}`
  const timesStarted = (id: number): number => {
    const { dir = '' } = lab.layout.controllers.find((controller) => controller.id === id) ?? {}
    return readFileSync(`${dir}/starts`, 'utf8').trim().split('\n').length
  }

  beforeAll(async () => {
    const options = { brokers: 3, racks: 3, controllers: 3, hosts: true, supervised: [3] } as const
    lab = await startLab({ mode: 'kraft', basePort: 29_300, ...options })
    const lists = [[1, 2, 3], [2, 3, 1], [3, 1, 2]] // prettier-ignore
    await createTopic(lab, 'orders', lists, { 'min.insync.replicas': '2' })
    cluster = await look(lab.bootstrapServers)
    operator = new Operator(lab)
  }, WITHIN_MS)
  afterAll(async () => {
    await cluster.close()
    await lab.down()
  })

  const expectWhole = async (): Promise<void> =>
    expect(findHarm(await cluster.snapshot(), [1, 2, 3])).toEqual([])

  it(
    'restarts the broker that supervisord runs, once, and sees its new process',
    async () => {
      const before = processesOf(lab)
      const starts = startsOf(lab, 3)
      const manager = ['--service-manager', 'supervisord', '--service', 'broker-{broker}']
      const ran = await operator.restart(['--brokers', '3', ...manager]).ended
      expect(ran.code, ran.stderr).toBe(0)
      expect(reportOf(ran)).toMatchObject({ complete: true, brokers: [{ broker: 3 }] })
      expect(startsOf(lab, 3)).toBe(starts + 1)
      const after = processesOf(lab)
      expect([1, 2, 3].filter((id) => after.get(id) !== before.get(id))).toEqual([3])
      await expectWhole()
    },
    WITHIN_MS,
  )

  it(
    'restarts no controller while the quorum could not spare it, and says why',
    async () => {
      const leader = (await cluster.snapshot()).cluster.controller
      const [other = 0, third = 0] = CONTROLLERS.filter((id) => id !== leader)
      const before = CONTROLLERS.map(timesStarted)
      tell('down', controllerService(third))
      try {
        await until('it is down', WITHIN_MS, () =>
          tell('status', controllerService(third)).startsWith('down:'),
        )
        const service = ['--controller-service', controllerService('{broker}')]
        const only = ['--brokers', String(other), '--recovery-stall', '8s']
        const ran = await operator.restart([...only, ...service]).ended
        expect(ran.code, ran.stderr).toBe(5)
        expect(reportOf(ran).failure?.message).toContain('QUORUM')
        expect(CONTROLLERS.map(timesStarted)).toEqual(before)
      } finally {
        const times = timesStarted(third)
        tell('up', controllerService(third))
        await until('it starts again', WITHIN_MS, () => timesStarted(third) > times)
      }
    },
    WITHIN_MS,
  )

  it(
    'restarts each controller once, the active one last, and no broker',
    async () => {
      const brokers = processesOf(lab)
      const before = new Map(CONTROLLERS.map((id) => [id, timesStarted(id)]))
      const { controller } = (await cluster.snapshot()).cluster
      const service = ['--controller-service', controllerService('{broker}')]
      const ran = await operator.restart(['--brokers', CONTROLLERS.join(','), ...service]).ended
      expect(ran.code, ran.stderr).toBe(0)
      const report = reportOf(ran)
      expect(report.complete).toBe(true)
      expect(report.brokers.at(-1)?.broker).toBe(controller)
      for (const [id, times] of before) expect(timesStarted(id)).toBe(times + 1)
      expect(processesOf(lab)).toEqual(brokers)
      await until('the cluster is whole', WITHIN_MS, async () => {
        const harm = findHarm(await cluster.snapshot(), [1, 2, 3])
        return harm.length === 0
      })
    },
    WITHIN_MS,
  )
})
