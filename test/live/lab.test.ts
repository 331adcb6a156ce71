import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createTopic,
  describeTopics,
  type Lab,
  openLab,
  startLab,
  startLoad,
} from '../lab/index.js'
import { startKeptLab } from '../lab/kept-labs.js'
import { readState, sweepDeadLabs } from '../lab/lab-folder.js'
import { isListening } from '../lab/probe.js'
import { identityOf, waitGone } from '../lab/process-identity.js'

const BASE_PORT = 19_900

/** Command lines of living processes that name the folder; a zombie has none. */
function processesNaming(dir: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: commandOf(name) }))
    .filter(({ command }) => command.includes(dir))
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

const isAlive = (pid: number): boolean => commandOf(String(pid)) !== ''

const portsOf = (lab: Lab): number[] => [
  lab.layout.quorumPort,
  ...lab.brokers.map((broker) => broker.port),
]

async function expectNothingLeft(lab: Lab): Promise<void> {
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline && (existsSync(lab.dir) || processesNaming(lab.dir).length > 0))
    await sleep(50)
  expect(processesNaming(lab.dir)).toEqual([])
  expect(existsSync(lab.dir)).toBe(false)
  const listening = await Promise.all(portsOf(lab).map((port) => isListening(port)))
  expect(listening).not.toContain(true)
}

function ownerOf(lab: Lab): number {
  const owner = readState(lab.dir)?.owner.pid
  if (owner === undefined) throw new Error('the lab has no owner')
  return owner
}

describe('the lab', () => {
  let started: Lab | undefined
  let ownerPid: number | undefined

  afterEach(async () => {
    if (ownerPid !== undefined && isAlive(ownerPid)) process.kill(ownerPid, 'SIGTERM')
    await started?.down().catch(() => undefined)
    started = undefined
    ownerPid = undefined
  })

  it('stops, kills, pauses and starts brokers, and leaves nothing behind after down', async () => {
    const lab = await startLab({ mode: 'kraft', brokers: 2, racks: 2, basePort: BASE_PORT })
    started = lab
    await createTopic(
      lab,
      'orders',
      [
        [2, 1],
        [1, 2],
      ],
      { 'retention.ms': '1000000' },
    )
    const orders = await describeTopics(lab, ['orders'])
    expect(orders.find((state) => state.partition === 0)?.replicas).toEqual([2, 1])
    lab.pause(2)
    expect(lab.brokers.map((broker) => broker.state)).toEqual(['running', 'paused'])
    lab.resume(2)
    await lab.stop(2)
    expect(lab.brokers.map((broker) => broker.state)).toEqual(['running', 'gone'])
    await lab.start(2)
    expect(lab.brokers.map((broker) => broker.state)).toEqual(['running', 'running'])
    expect(lab.brokers.map((broker) => broker.rack)).toEqual(['r1', 'r2'])
    await lab.down()
    await expectNothingLeft(lab)
  })

  it('ends with its owner, even when that is killed while a broker hangs and a load runs', async () => {
    const lab = await openLab(
      await startKeptLab({ mode: 'zookeeper', brokers: 2, basePort: BASE_PORT }),
    )
    ownerPid = ownerOf(lab)
    const meta = readFileSync(`${lab.brokers[0]?.logDirs[0]}/meta.properties`, 'utf8')
    expect(meta).toContain(`cluster.id=${lab.clusterId}\n`)
    await createTopic(lab, 'orders', [[1, 2]])
    const load = await startLoad(lab, {
      produce: [{ topic: 'orders', bytesInPerSec: [50_000] }],
      consume: [{ name: 'billing', topic: 'orders' }],
    })
    lab.pause(2)
    process.kill(ownerPid, 'SIGKILL')
    await expectNothingLeft(lab)
    expect(isAlive(load.pid)).toBe(false)
  })

  it('is swept by the next command when its watchdog died as well', async () => {
    const lab = await openLab(
      await startKeptLab({ mode: 'zookeeper', brokers: 1, basePort: BASE_PORT }),
    )
    ownerPid = ownerOf(lab)
    const owner = identityOf(ownerPid)
    if (owner === undefined) throw new Error('the owner of the lab is gone')
    const watchdog = processesNaming(lab.dir).find(({ command }) => command.includes('watchdog'))
    process.kill(watchdog?.pid ?? -1, 'SIGKILL')
    process.kill(ownerPid, 'SIGKILL')
    // Its last thread may outlive its command line by a moment.
    expect(await waitGone(owner, 10_000)).toBe(true)
    expect(processesNaming(lab.dir).length).toBeGreaterThan(0)
    expect(await sweepDeadLabs()).toContain(lab.dir)
    await expectNothingLeft(lab)
  })
})
