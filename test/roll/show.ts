/**
 * What a rolling restart costs and keeps, on a real cluster of 6 brokers in 3 racks under load (acks=all, min ISR 2):
 *
 *   npm run roll:show -- [--mode kraft|zookeeper|both] [--plans 20] [--base-port 27500]
 *
 * Prints figures, and exits 1 when a claim does not hold.
 */
import { loadavg } from 'node:os'

import { startLab } from '../lab/index.js'
import { parseRollArguments } from './arguments.js'
import { describeTurns } from './breakdown.js'
import { Claims } from './claims.js'
import { countControllerLast } from './controller-last.js'
import { describeGaps, measureRoll, prepareTopic } from './measure-roll.js'

/** Longest the batches by rack may take, as a share of the time one broker after the other takes. */
const RACK_SHARE = 0.6
const OVERHEAD_SECONDS = 10

const { modes, basePort, plans } = parseRollArguments(process.argv.slice(2))
const claims = new Claims()
for (const mode of modes) {
  const lab = await startLab({
    mode,
    brokers: 6,
    racks: 3,
    basePort,
    hosts: true,
    controllers: mode === 'kraft' ? 3 : 1,
  })
  try {
    console.log(`${mode}: 6 brokers in 3 racks, load ${loadavg()[0]?.toFixed(1) ?? '?'}`)
    await prepareTopic(lab)
    const half = Math.ceil(plans / 2)
    const before = await countControllerLast(lab, half)
    const serial = await measureRoll(lab, ['--batch', 'serial'])
    claims.hold(mode, 'one after the other', serial)
    const rack = await measureRoll(lab, ['--batch', 'rack'])
    claims.hold(mode, 'rack by rack', rack)
    const drained = await measureRoll(lab, ['--batch', 'serial', '--drain'])
    claims.hold(mode, 'one after the other, drained', drained)
    const after = await countControllerLast(lab, plans - half)
    const last = before.last + after.last
    claims.claim(
      last === plans,
      `controller ${[...new Set([...before.controllers, ...after.controllers])].join(', ')} last in ${last} of ${plans} plans`,
    )
    const share = rack.seconds / serial.seconds
    claims.claim(
      share <= RACK_SHARE,
      `rack by rack ${rack.seconds} s, one after the other ${serial.seconds} s: ${Math.round(share * 100)} %`,
    )
    claims.claim(
      serial.overheadSeconds < OVERHEAD_SECONDS,
      `beyond stop, start and catch-up ${serial.overheadSeconds.toFixed(1)} s a broker (stop, start and catch-up ${serial.busySeconds.map((seconds) => seconds.toFixed(1)).join(', ')} s)`,
    )
    console.log(describeTurns(serial.turns))
    console.log(describeGaps({ 'one by one': serial, 'rack by rack': rack, drained }))
  } finally {
    await lab.down()
  }
}
process.exitCode = claims.failed === 0 ? 0 : 1
