import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { ExecutionReport } from '../../src/lib/plan/execution-report.js'
import { createTopic, startLab, type Lab } from '../lab/index.js'
import { startFrameProxy, type FrameProxy } from './frame-proxy.js'
import { fill, look, run, type Looked } from './reassign-support.js'

const ELECT_LEADERS = 43
const INCREMENTAL_ALTER_CONFIGS = 44
const ALTER_PARTITION_REASSIGNMENTS = 45
const BASE_PORT = 24300
const PROXY_PORT = 24350
const BROKERS = [1, 2, 3]

describe('answers that get lost on a real cluster', () => {
  let lab: Lab
  let cluster: Looked
  let proxies: readonly FrameProxy[] = []
  let at: readonly string[]
  /** Api keys whose next answer is lost. */
  const losing = new Set<number>()
  let lost = 0

  beforeAll(async () => {
    const loses = (apiKey: number): boolean => {
      const isLost = losing.delete(apiKey)
      if (isLost) lost += 1
      return isLost
    }
    const start = (id: number) => startFrameProxy(PROXY_PORT + id, BASE_PORT + id, loses)
    proxies = await Promise.all(BROKERS.map(start))
    lab = await startLab({
      mode: 'kraft',
      brokers: BROKERS.length,
      racks: 3,
      basePort: BASE_PORT,
      logDirs: 1,
      advertisedPorts: Object.fromEntries(BROKERS.map((id) => [id, PROXY_PORT + id])),
    })
    await createTopic(lab, 'orders', [[1], [2], [3], [1]])
    cluster = await look(`127.0.0.1:${PROXY_PORT + 1}`)
    await fill(`127.0.0.1:${PROXY_PORT + 1}`, 'orders', [0, 1, 2], 2)
    const { cluster: known } = await cluster.snapshot()
    at = ['--bootstrap-server', `127.0.0.1:${PROXY_PORT + 1}`, '--confirm', known.id]
  })
  afterAll(async () => {
    await cluster.close()
    await lab.down()
    await Promise.all(proxies.map((proxy) => proxy.close()))
  })

  const execute = async (name: string, lists: readonly (readonly number[])[]) => {
    const file = await cluster.planFile(
      name,
      lists.map((replicas, partition) => ({ topic: 'orders', partition, replicas })),
    )
    return run([
      'reassign',
      'execute',
      file,
      ...at,
      '--throttle',
      '30MB',
      '--json',
      '--timeout',
      '3s',
    ])
  }

  it('reads the cluster when the answers to a move and an election are lost, and ends done', async () => {
    losing.add(ALTER_PARTITION_REASSIGNMENTS).add(ELECT_LEADERS)
    const ran = await execute('lost.json', [[2], [3], [1], [3]])
    expect(ran.stderr + String(ran.code)).toMatch(/0$/)
    expect(JSON.parse(ran.stdout) as ExecutionReport).toMatchObject({ moves: { done: 4 } })
    expect(lost).toBeGreaterThan(0)
    const { lists, throttles } = await cluster.state()
    expect([lists['orders-0'], throttles]).toEqual(['2 led by 2', []])
  })

  it('looks whether a throttle was set when the answer to it is lost, and leaves none behind', async () => {
    losing.clear()
    losing.add(INCREMENTAL_ALTER_CONFIGS)
    const ran = await execute('doubt.json', [[3], [1], [2], [1]])
    expect(ran.stderr + String(ran.code)).toMatch(/0$/)
    expect(losing.size).toBe(0)
    const { lists, throttles } = await cluster.state()
    expect([lists['orders-0'], throttles]).toEqual(['3 led by 3', []])
  })
})
