import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { ExecutionReport } from '../../src/lib/plan/execution-report.js'
import type { ReassignStatus } from '../../src/lib/plan/reassign-status.js'
import { createTopic, startLab, type Lab } from '../lab/index.js'
import { directory, fill, look, run, start, until, type Looked } from './reassign-support.js'

const MODES = [
  { mode: 'kraft', basePort: 24100 },
  { mode: 'zookeeper', basePort: 24200 },
] as const

const list = (partition: number, replicas: readonly number[]) => ({
  topic: 'orders',
  partition,
  replicas,
})

describe.each(MODES)('carrying a plan out on a real cluster ($mode)', ({ mode, basePort }) => {
  let lab: Lab
  let cluster: Looked
  let name: string
  let at: readonly string[]
  const foreignRate = {
    resource: { type: 'broker', name: '4' },
    name: 'follower.replication.throttled.rate',
  } as const

  beforeAll(async () => {
    lab = await startLab({ mode, brokers: 4, racks: 2, basePort, logDirs: 1 })
    await createTopic(
      lab,
      'orders',
      [
        [1, 2],
        [2, 3],
        [3, 1],
        [1, 4],
        [4, 2],
      ],
      { 'retention.ms': '7200000' },
    )
    await fill(lab.bootstrapServers, 'orders', [0, 1, 2], 12)
    cluster = await look(lab.bootstrapServers)
    name = (await cluster.snapshot()).cluster.id
    at = ['--bootstrap-server', lab.bootstrapServers, '--confirm', name]
  })
  afterAll(async () => {
    await cluster.close()
    await lab.down()
  })

  it('moves, elects, gives its throttle back, and leaves what others have set', async () => {
    await cluster.writer.alterConfigs([{ ...foreignRate, op: 'set', value: '123456789' }])
    const lists = [list(0, [3, 2]), list(1, [3, 2]), list(2, [2, 1])]
    const file = await cluster.planFile('first.json', lists)
    const ran = await run(['reassign', 'execute', file, ...at, '--throttle', '30MB', '--json'])
    expect(ran.stderr + String(ran.code)).toMatch(/0$/)
    const report = JSON.parse(ran.stdout) as ExecutionReport
    expect(report).toMatchObject({
      outcome: 'finished',
      moves: { total: 3, done: 3 },
      debts: [],
      differences: [],
    })
    const { lists: now, throttles } = await cluster.state()
    expect(now).toMatchObject({
      'orders-0': '3,2 led by 3',
      'orders-1': '3,2 led by 3',
      'orders-2': '2,1 led by 2',
    })
    expect(throttles).toMatchObject([{ name: '4', value: '123456789' }])
    const [topic] = await cluster.reader.readConfigs(
      [{ type: 'topic', name: 'orders' }],
      ['retention.ms'],
    )
    expect(topic?.values[0]?.value).toBe('7200000')
    const back = readFileSync(join(directory, `${report.planId}.rollback.json`), 'utf8')
    expect(back).toContain('"replicas":[1,2]')
    await cluster.writer.alterConfigs([{ ...foreignRate, op: 'delete' }])
  })

  it('brings everything back by a plan of its own', async () => {
    const back = join(directory, `back-${mode}.json`)
    const made = await run(['reassign', 'rollback', ...at.slice(0, 2), '--output', back])
    expect(made.stderr + String(made.code)).toMatch(/0$/)
    const ran = await run(['reassign', 'execute', back, ...at, '--throttle', 'none', '--json'])
    expect(ran.stderr + String(ran.code)).toMatch(/0$/)
    expect((await cluster.state()).lists).toMatchObject({
      'orders-0': '1,2 led by 1',
      'orders-1': '2,3 led by 2',
      'orders-2': '3,1 led by 3',
    })
  })

  it('refuses a plan that was overtaken by a change made by hand, and changes nothing', async () => {
    const file = await cluster.planFile('stale.json', [list(3, [4, 2])])
    await cluster.writer.submitReassignments([
      { ...list(3, [4, 1]), allowReplicationFactorChange: false },
    ])
    await until('the change by hand is made', 10_000, async () =>
      (await cluster.state()).lists['orders-3']!.startsWith('4,1'),
    )
    const before = await cluster.state()
    const ran = await run(['reassign', 'execute', file, ...at])
    expect([ran.code, ran.stderr]).toEqual([4, expect.stringContaining('orders-3')])
    expect(await cluster.state()).toEqual(before)
  })

  it('refuses a plan for another cluster, and a file that is not the one reviewed', async () => {
    const file = await cluster.planFile('other.json', [list(4, [4, 3])], (plan) => ({
      ...plan,
      cluster: { ...plan.cluster, id: 'AnotherClusterId000000' },
    }))
    const before = await cluster.state()
    const ran = await run(['reassign', 'execute', file, ...at])
    expect([ran.code, ran.stderr]).toEqual([4, expect.stringContaining('AnotherClusterId000000')])
    const sha = ['--plan-sha256', '0'.repeat(64)]
    expect((await run(['reassign', 'execute', file, ...at, ...sha])).code).toBe(4)
    expect(await cluster.state()).toEqual(before)
  })

  it('goes on after a SIGKILL, and ends as if nothing had happened', async () => {
    const lists = [list(0, [1, 4]), list(1, [1, 4]), list(2, [3, 4])]
    const file = await cluster.planFile('killed.json', lists)
    const pace = ['--throttle', '1MB', '--max-partitions', '2', '--json-events']
    const running = start(['reassign', 'execute', file, ...at, ...pace])
    await until('a move is copying', 30_000, () => running.stdout().includes('"copying"'))
    running.kill('SIGKILL')
    await running.ended
    const seen = await run(['reassign', 'status', ...at.slice(0, 2), '--json'])
    const status = JSON.parse(seen.stdout) as ReassignStatus
    expect(status.inFlight.length).toBeGreaterThan(0)
    expect(status.throttles.every(({ planId }) => planId !== null)).toBe(true)
    expect(status.executions[0]).toMatchObject({ running: false, outcome: null })
    expect((await run(['reassign', 'execute', file, ...at])).code).not.toBe(0)
    const ran = await run(['reassign', 'resume', ...at, '--throttle', '30MB', '--json'])
    expect(ran.stderr + String(ran.code)).toMatch(/0$/)
    expect(await cluster.state()).toMatchObject({
      lists: {
        'orders-0': '1,4 led by 1',
        'orders-1': '1,4 led by 1',
        'orders-2': '3,4 led by 3',
      },
      throttles: [],
    })
  })

  it('takes back what is in flight, in order, and gives the throttle back', async () => {
    const before = await cluster.state()
    const file = await cluster.planFile('cancelled.json', [list(0, [2, 3]), list(1, [2, 1])])
    const running = start([
      'reassign',
      'execute',
      file,
      ...at,
      '--throttle',
      '1MB',
      '--json-events',
    ])
    await until('a move is copying', 30_000, () => running.stdout().includes('"copying"'))
    running.kill('SIGKILL')
    await running.ended
    const ran = await run(['reassign', 'cancel', ...at, '--json'])
    expect(ran.stderr + String(ran.code)).toMatch(/0$/)
    expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: 'cancelled', moves: { undone: 2 } })
    expect(await cluster.state()).toEqual(before)
  })

  it('stops cleanly on Ctrl-C, and leaves the rest for later', async () => {
    const file = await cluster.planFile('stopped.json', [list(0, [1, 3]), list(4, [4, 1])])
    const pace = ['--throttle', '4MB', '--max-partitions', '1', '--json-events']
    const running = start(['reassign', 'execute', file, ...at, ...pace])
    await until('a move is copying', 30_000, () => running.stdout().includes('"copying"'))
    running.kill('SIGINT')
    const ran = await running.ended
    expect(ran.code).toBe(130)
    expect((await cluster.state()).lists).toMatchObject({ 'orders-0': '1,3 led by 1' })
    expect((await cluster.state()).throttles).toEqual([])
    expect((await run(['reassign', 'cancel', ...at])).code).toBe(0)
  })

  it('removes throttles that it does not know only when told to', async () => {
    await cluster.writer.alterConfigs([{ ...foreignRate, op: 'set', value: '123456789' }])
    const looked = await run(['reassign', 'cleanup', ...at, '--json'])
    expect(JSON.parse(looked.stdout)).toMatchObject({ foreign: [{ name: '4' }], removed: [] })
    const ran = await run(['reassign', 'cleanup', ...at, '--foreign', '--json'])
    expect([ran.code, JSON.parse(ran.stdout)]).toMatchObject([0, { removed: [{ name: '4' }] }])
    expect((await cluster.state()).throttles).toEqual([])
  })

  it('takes back a move that nobody owns only when told to, with the throttle that held it', async () => {
    // What a first try of this test may have left.
    await run(['reassign', 'cleanup', ...at, '--foreign'])
    const before = await cluster.state()
    const orders = (await cluster.snapshot()).topics.find((topic) => topic.name === 'orders')
    const { replicas = [] } = orders?.partitions[0] ?? {}
    const target = [1, 2, 3].find((id) => !replicas.includes(id)) ?? 0
    const brokers = [1, 2, 3, 4].map((id) => ({ type: 'broker', name: String(id) }) as const)
    await cluster.writer.alterConfigs([
      ...['leader', 'follower'].flatMap((side) => [
        ...brokers.map((resource) => ({
          ...{ resource, name: `${side}.replication.throttled.rate` },
          ...{ op: 'set' as const, value: '1000' },
        })),
        {
          resource: { type: 'topic', name: 'orders' } as const,
          ...{ name: `${side}.replication.throttled.replicas`, op: 'set' as const, value: '*' },
        },
      ]),
    ])
    const wanted = [...replicas.slice(0, 1), target]
    const asked = { ...list(0, wanted), allowReplicationFactorChange: false }
    const begun = await cluster.writer.submitReassignments([asked])
    expect(begun).toMatchObject([{ status: 'ok' }])
    const inFlight = async () => (await cluster.reader.readReassignments()).length
    await until('the move is in flight', 30_000, async () => (await inFlight()) === 1)

    const looked = await run(['reassign', 'cleanup', ...at, '--json'])
    expect(JSON.parse(looked.stdout)).toMatchObject({
      foreignMoves: [{ partition: 'orders-0', from: replicas, to: wanted }],
      takenBack: [],
    })
    expect(await inFlight()).toBe(1)
    const ran = await run(['reassign', 'cleanup', ...at, '--foreign', '--json'])
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)])
    expect(JSON.parse(ran.stdout)).toMatchObject({
      takenBack: ['orders-0'],
      stuck: [],
      failures: [],
    })
    expect(await inFlight()).toBe(0)
    // Brokers show a config for a little while after it was deleted.
    await until('its throttle is gone', 60_000, async () => {
      const { throttles = [] } = await cluster.state()
      return throttles.length === 0
    })
    expect((await cluster.state()).lists['orders-0']).toBe(before.lists['orders-0'])
  })

  it('heals under a throttle with a broker down: at once, and leaving nothing', async () => {
    await lab.kill(4)
    await until('the cluster knows', 60_000, async () => {
      const { brokers } = await cluster.reader.readMetadata({ topics: [] })
      return brokers.every(({ id }) => id !== 4)
    })
    const lists = [list(1, [1, 3]), list(2, [3, 1]), list(3, [2, 1]), list(4, [2, 3])]
    const file = await cluster.planFile('heal.json', lists, (plan) => ({ ...plan, kind: 'heal' }))
    const begun = Date.now()
    const running = start([
      'reassign',
      'execute',
      file,
      ...at,
      '--throttle',
      '30MB',
      '--json-events',
    ])
    await until('moves are submitted', 60_000, () => running.stdout().includes('"submitted"'))
    // Kafka's own tool needs 62 s to give up on the throttle of the dead broker, and has moved nothing then.
    expect(Date.now() - begun).toBeLessThan(45_000)
    const ran = await running.ended
    expect(ran.stderr + String(ran.code)).toMatch(/0$/)
    const end = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '') as {
      report: ExecutionReport
    }
    expect(end.report).toMatchObject({ debts: [], differences: [] })
    const throttled = readFileSync(end.report.journal, 'utf8').match(
      /"type":"broker","name":"\d+"/g,
    )
    expect([...new Set(throttled)].sort()).toEqual(
      ['1', '2', '3'].map((id) => `"type":"broker","name":"${id}"`),
    )
    const { throttles, lists: now } = await cluster.state()
    expect(throttles).toEqual([])
    expect(now).toMatchObject({ 'orders-1': '1,3 led by 1', 'orders-4': '2,3 led by 2' })
    expect(existsSync(join(directory, 'state', 'klinic', 'locks', `${name}.lock`))).toBe(false)
  })
})
