/**
 * What may go wrong around a rolling restart, one after the other on one cluster:
 *
 *   npm run roll:faults -- [--mode kraft|zookeeper|both] [--base-port 27500] [ID...]
 *
 * Prints a line for each, and exits 1 when one did not come out as it should.
 */
import { parseRollArguments } from './arguments.js'
import { ALL_FAULTS } from './faults/all-faults.js'
import { RollWorld } from './faults/roll-world.js'

const { modes, basePort, only } = parseRollArguments(process.argv.slice(2))
let failed = 0
for (const mode of modes) {
  const world = await RollWorld.open(mode, basePort)
  try {
    for (const fault of ALL_FAULTS) {
      if (only.length > 0 && !only.includes(fault.id)) continue
      if (fault.mode !== undefined && fault.mode !== mode) continue
      const startedMs = Date.now()
      const seconds = (): number => Math.round((Date.now() - startedMs) / 1000)
      try {
        await fault.run(world)
        console.log(`ok      ${mode} ${fault.id}, ${seconds()} s: ${fault.what}`)
      } catch (error) {
        failed += 1
        const why = error instanceof Error ? error.message : String(error)
        console.log(`FAILED  ${mode} ${fault.id}, ${seconds()} s: ${fault.what}\n${why}`)
      }
      await world.heal()
    }
  } finally {
    await world.close()
  }
}
process.exitCode = failed === 0 ? 0 : 1
