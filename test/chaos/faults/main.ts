// `npm run faults -- [F2 F5 …] --mode kraft|zookeeper|both --times N --seed N`
import { parseArgs } from 'node:util'

import { parseModes, whole } from '../arguments.js'
import { ALL_FAULTS } from './all-faults.js'
import type { Fault } from './fault.js'
import { World } from './world.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mode: { type: 'string', default: 'both' },
    times: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'base-port': { type: 'string', default: '25200' },
  },
})

const known = ALL_FAULTS.map(({ id }) => id)
const unknown = positionals.filter((id) => !known.includes(id))
if (unknown.length > 0) throw new Error(`unknown: ${unknown.join()}; there are ${known.join()}`)
const chosen = ALL_FAULTS.filter(({ id }) => positionals.length === 0 || positionals.includes(id))
const say = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`)

/** Runs a fault so many times; gives how many failed. A failed one may leave anything behind, so the next gets a new world. */
async function repeat(
  fault: Fault,
  open: () => Promise<World>,
  first: World,
): Promise<[World, number]> {
  const times = values.times === undefined ? fault.times : whole('times', values.times)
  let world = first
  let failures = 0
  for (let index = 0; index < times; index++) {
    try {
      const begun = performance.now()
      const figure = await fault.run(world, index)
      const seconds = Math.round((performance.now() - begun) / 1000)
      say(`ok     ${fault.id} ${index + 1}/${times} ${world.mode} ${seconds} s ${figure ?? ''}`)
    } catch (error) {
      failures += 1
      const why = error instanceof Error ? error.message : String(error)
      say(`FAILED ${fault.id} ${index + 1}/${times} ${world.mode} ${why}`)
      await world.close()
      world = await open()
    }
  }
  say(`${fault.id} ${world.mode}: ${times - failures} of ${times} as it should be (${fault.what})`)
  return [world, failures]
}

let failed = 0
for (const mode of parseModes(values.mode)) {
  const seed = whole('seed', values.seed)
  const basePort = whole('base-port', values['base-port'])
  const open = (): Promise<World> => World.open({ mode, basePort, seed, say })
  let world = await open()
  try {
    for (const fault of chosen) {
      const [next, failures] = await repeat(fault, open, world)
      world = next
      failed += failures
    }
  } finally {
    await world.close()
  }
}
say(`${failed} failures`)
process.exitCode = failed === 0 ? 0 : 1
