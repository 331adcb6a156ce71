import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { equal } from 'node:assert/strict'

import { labAccount } from '../../lab/ssh/account.js'
import { until } from '../../live/reassign-support.js'
import { produceAll, serviceLine, startsOf } from '../../live/roll-support.js'
import { ROTATED, TOPIC } from '../stage.js'
import type { RollFault } from './fault.js'
import type { RollWorld } from './roll-world.js'

/** Two brokers, and the flags of a roll that restarts them in this order: an active controller would go last in any case. */
async function twoInOrder(
  world: RollWorld,
): Promise<{ readonly first: number; readonly both: readonly number[]; readonly flags: string[] }> {
  const { controller } = (await world.cluster.snapshot()).cluster
  const both = world.ids.filter((id) => id !== controller).slice(0, 2)
  const first = both[0] ?? 0
  return { first, both, flags: ['--brokers', both.join(','), '--order', 'given'] }
}

const stopHangs: RollFault = {
  id: 'stop-hangs',
  what: 'ends its wait for a stop that hangs, names the process, and touches no other broker (7)',
  run: async (world) => {
    const { first, flags } = await twoInOrder(world)
    const pid = world.lab.brokers.find(({ id }) => id === first)?.pid ?? 0
    const roll = world.restart([...flags, '--stop-cmd', 'sleep 60', '--stop-timeout', '4s'])
    await world.expectRoll(roll, { exit: 7, says: new RegExp(`STOP_TIMED_OUT[^]*pid ${pid}`) })
    equal(serviceLine(world.lab, first).startsWith('run:'), true)
  },
}

const diesAfterStart: RollFault = {
  id: 'dies-after-start',
  what: 'sees a JVM that dies 5 s after a start that looked good, and touches no other broker (7)',
  run: async (world) => {
    const { first, flags } = await twoInOrder(world)
    const before = startsOf(world.lab, first)
    const says = /BROKER_DOWN[^]*died after it was started/
    await world.expectRoll(world.restart(flags), { exit: 7, says, started: [first] }, async () => {
      await until('the first broker starts', 240_000, () => startsOf(world.lab, first) > before)
      await sleep(5_000)
      await world.lab.kill(first)
    })
  },
}

/** A stop that kills: the cluster still believes in the broker for as long as its session lasts. */
const killingStop: RollFault = {
  id: 'killing-stop',
  what: 'waits a kill -9 that calls itself a stop out, so that no client is ever short of replicas (0)',
  run: async (world) => {
    const { both, flags } = await twoInOrder(world)
    const { user, sudoersFile } = labAccount(world.lab.dir, world.lab.layout.basePort)
    const lines = readFileSync(sudoersFile, 'utf8')
    const svProgram = /(\/\S*\/sv) /.exec(lines)?.[1] ?? 'sv'
    for (const id of both)
      appendFileSync(
        sudoersFile,
        `${user} ALL=(root) NOPASSWD: ${svProgram} kill ${world.serviceOf(id)}\n`,
      )
    const service = world.serviceOf(0).replace('broker-0', 'broker-{broker}')
    const stop = `sudo -n sv -w 0 down ${service}; sudo -n sv kill ${service}`
    const stopProducing = await produceAll(world.lab, TOPIC, ROTATED.length)
    try {
      const roll = world.restart([...flags, '--stop-cmd', stop])
      await world.expectRoll(roll, { exit: 0, says: /"complete":\s*true/, started: both })
    } finally {
      writeFileSync(sudoersFile, lines)
      const { failed, belowMinIsr } = await stopProducing()
      equal(failed + belowMinIsr, 0, `${failed} sends failed, ${belowMinIsr} below min ISR`)
    }
  },
}

/** What a service manager may do to a roll. */
export const services: readonly RollFault[] = [stopHangs, diesAfterStart]

/** The same, for when there is time. */
export const slowServices: readonly RollFault[] = [killingStop]
