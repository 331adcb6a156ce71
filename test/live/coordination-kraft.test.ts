import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openKafkaPool } from '../../src/lib/adapters/kafka/pool/kafka-pool.js'
import { GroupCoordinator } from '../../src/lib/adapters/kafka/coordination/group-coordinator.js'
import { lockGroupOf } from '../../src/lib/adapters/kafka/coordination/group-lock.js'
import { Membership } from '../../src/lib/adapters/kafka/coordination/membership.js'
import { openKafkaCoordination } from '../../src/lib/adapters/kafka/coordination/open-kafka-coordination.js'
import { systemClock } from '../../src/lib/adapters/system/clock.js'
import type { MaintenanceList } from '../../src/lib/coordination/maintenance-list.js'
import type { LockStatus } from '../../src/lib/coordination/lock-status.js'
import { createTopic, startLab, type Lab } from '../lab/index.js'
import {
  ELSEWHERE,
  held,
  obeysTheContract,
  operator,
  type OpenHost,
} from './coordination-scenarios.js'
import { startFrameProxy, type FrameProxy } from './frame-proxy.js'
import { directory, fill, look, until, type Looked, type Ran } from './reassign-support.js'

const BASE_PORT = 21300
const PROXY_PORT = 21350
const BROKERS = [1, 2, 3]
/** CreateTopics, DeleteTopics, ElectLeaders, IncrementalAlterConfigs, AlterPartitionReassignments. */
const CHANGING = new Set([19, 20, 43, 44, 45])
const ENTRY = process.env['KLINIC_TEST_ENTRY'] === 'built' ? 'run.js' : 'dev.js'
const BIN = fileURLToPath(new URL(`../../bin/${ENTRY}`, import.meta.url))

interface Operator extends ChildProcess {
  readonly ended: Promise<Ran>
}

/** Starts klinic with a state directory of its own: as on another host, nothing local keeps two of them apart. */
function onHost(host: string, args: readonly string[]): Operator {
  const state = join(directory, host)
  mkdirSync(state, { recursive: true, mode: 0o700 })
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, XDG_STATE_HOME: state, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return Object.assign(child, { ended })
}

describe('coordination of a KRaft cluster', () => {
  let lab: Lab
  let cluster: Looked
  let proxies: readonly FrameProxy[] = []
  let at: readonly string[]
  let clusterId: string
  /** Changing requests that brokers have answered. */
  let changes = 0
  const opened = openKafkaPools()

  beforeAll(async () => {
    const count = (apiKey: number): boolean => {
      if (CHANGING.has(apiKey)) changes += 1
      return false
    }
    proxies = await Promise.all(
      BROKERS.map((id) => startFrameProxy(PROXY_PORT + id, BASE_PORT + id, count)),
    )
    lab = await startLab({
      mode: 'kraft',
      brokers: BROKERS.length,
      racks: 3,
      basePort: BASE_PORT,
      logDirs: 1,
      advertisedPorts: Object.fromEntries(BROKERS.map((id) => [id, PROXY_PORT + id])),
    })
    await createTopic(lab, 'orders', [[1], [2], [3], [1]], { 'retention.ms': '7200000' })
    await fill(lab.bootstrapServers, 'orders', [0, 1, 2], 30)
    cluster = await look(lab.bootstrapServers)
    clusterId = (await cluster.snapshot()).cluster.id
    at = ['--bootstrap-server', lab.bootstrapServers]
  })
  afterAll(async () => {
    await opened.close()
    await cluster.close()
    await lab.down()
    await Promise.all(proxies.map((proxy) => proxy.close()))
  })

  const open: OpenHost = ({ clusterId: id = clusterId, witness = ELSEWHERE } = {}) => {
    const connection = connectionTo(lab)
    return openKafkaCoordination({
      connection,
      stateConnection: connection,
      stateTopic: 'klinic.contract',
      clusterId: id,
      clock: systemClock,
      witness,
    })
  }
  const confirm = () => ['--confirm', clusterId]
  const listOf = (partition: number, replicas: readonly number[]) => ({
    topic: 'orders',
    partition,
    replicas,
  })

  describe('as the contract says', () => {
    obeysTheContract(open)

    it('leaves the lock to its holder when another one joins, loses and leaves', async () => {
      const host = open()
      const lock = held(await host.lock(operator(1)))
      const fence = lock.fence
      const group = new GroupCoordinator(opened.pool(lab), lockGroupOf(clusterId), systemClock)
      const intruder = new Membership(group, { ...operator(2), witness: ELSEWHERE.mine })
      const [joined] = await Promise.all([intruder.join(), keepProving(lock, 10)])
      expect(joined).toMatchObject({ kind: 'refused', owner: { pid: 1 } })
      await intruder.leave(5000)
      await lock.prove()
      expect(Number(lock.fence)).toBeGreaterThan(Number(fence))
      expect(await host.holder()).toEqual(operator(1))
      await lock.release()
      await host.close()
    })
  })

  it('refuses a second operator of another host, and says who works on the cluster', async () => {
    const lists = [listOf(0, [2]), listOf(1, [3]), listOf(2, [1])]
    const file = await cluster.planFile('first.json', lists)
    const slow = ['--throttle', '1MB', '--json']
    const first = onHost('a', ['reassign', 'execute', file, ...at, ...confirm(), ...slow])
    const host = open()
    await until('the first holds the lock', 60_000, async () => (await host.holder()) !== null)
    await host.close()
    const shown = await onHost('b', ['lock', 'show', ...at, '--json']).ended
    const { holder, onThisHost } = JSON.parse(shown.stdout) as LockStatus
    expect([shown.code, holder?.pid, onThisHost]).toEqual([0, first.pid, null])
    const other = await cluster.planFile('second.json', [listOf(3, [3])])
    const second = await onHost('b', ['reassign', 'execute', other, ...at, ...confirm(), '--json'])
      .ended
    expect([second.code, second.stdout]).toEqual([75, expect.stringContaining('"LOCKED"')])
    expect(second.stdout).toContain(`process ${first.pid ?? 0}`)
    first.kill('SIGTERM')
    const resumed = await first.ended
    expect([resumed.code, (await cluster.state()).throttles]).toEqual([143, []])
  })

  it('makes no change after it was stopped for a while and another one took over', async () => {
    const lists = [listOf(0, [3]), listOf(1, [1]), listOf(2, [2])]
    const file = await cluster.planFile('zombie.json', lists)
    const slow = ['--throttle', '1MB', '--max-partitions', '1', '--json']
    const zombie = onHost('c', ['reassign', 'execute', file, ...at, ...confirm(), ...slow])
    await until('a move is under way', 60_000, async () => {
      return (await cluster.reader.readReassignments()).length > 0
    })
    zombie.kill('SIGSTOP')
    const host = open()
    await until('the lock has run out', 90_000, async () => (await host.holder()) === null)
    const lock = held(await host.lock(operator(9)))
    const before = changes
    zombie.kill('SIGCONT')
    const ran = await zombie.ended
    expect([ran.code, ran.stdout]).toEqual([5, expect.stringContaining('LOCK_LOST')])
    expect(changes).toBe(before)
    await lock.release()
    await host.close()
    // What it left is found, and given back, by who comes after it.
    const cancelled = await onHost('c', ['reassign', 'cancel', ...at, ...confirm(), '--json']).ended
    expect([cancelled.code, (await cluster.state()).throttles]).toEqual([0, []])
  })

  it('obeys on one host the maintenance that was begun on another, and forgets it when it is over', async () => {
    const brokers = ['--brokers', '3']
    const why = ['--reason', 'new disks', '--until', '1h']
    const begun = await onHost('a', [
      'maintenance',
      'start',
      ...at,
      ...brokers,
      ...why,
      ...confirm(),
    ]).ended
    expect([begun.code, begun.stdout]).toEqual([0, expect.stringContaining('broker 3')])
    const again = await onHost('a', [
      'maintenance',
      'start',
      ...at,
      ...brokers,
      '--reason',
      'new disks',
      '--until',
      '2h',
      ...confirm(),
      '--json',
    ]).ended
    expect(JSON.parse(again.stdout) as MaintenanceList).toMatchObject({
      changed: true,
      brokers: [{ broker: 3, reason: 'new disks' }],
    })
    const file = await cluster.planFile('third.json', [listOf(3, [3])])
    const execute = ['reassign', 'execute', file, ...at, ...confirm(), '--json', '--dry-run']
    const refused = await onHost('b', execute).ended
    expect([refused.code, refused.stdout]).toEqual([
      75,
      expect.stringContaining('BROKER_IN_MAINTENANCE'),
    ])
    expect((await onHost('b', [...execute, '--ignore-maintenance']).ended).code).toBe(0)
    const planned = await onHost('b', ['decommission', 'plan', ...at, '--brokers', '1', '--json'])
      .ended
    const plan = JSON.parse(planned.stdout) as {
      steps: { to?: number[] }[]
      findings: { code: string }[]
    }
    expect(plan.findings.map(({ code }) => code)).toContain('BROKER_IN_MAINTENANCE')
    expect(plan.steps.flatMap(({ to }) => to ?? [])).not.toContain(3)
    const ended = await onHost('b', [
      'maintenance',
      'stop',
      ...at,
      ...brokers,
      ...confirm(),
      '--json',
    ]).ended
    expect(JSON.parse(ended.stdout)).toMatchObject({ changed: true, brokers: [] })
    expect((await onHost('a', execute).ended).code).toBe(0)
  })

  async function keepProving(lock: { prove(): Promise<void> }, times: number): Promise<void> {
    for (let count = 0; count < times; count++) {
      await lock.prove()
      await systemClock.sleep(200)
    }
  }
})

function connectionTo(lab: Lab) {
  return {
    bootstrapServers: lab.bootstrapServers.split(','),
    clientId: 'klinic-test',
    connectTimeoutMs: 5000,
    requestTimeoutMs: 5000,
  }
}

function openKafkaPools() {
  const pools: ReturnType<typeof openKafkaPool>[] = []
  return {
    pool: (lab: Lab) => {
      const pool = openKafkaPool(connectionTo(lab))
      pools.push(pool)
      return pool
    },
    close: async () => {
      for (const pool of pools) await pool.close()
    },
  }
}
