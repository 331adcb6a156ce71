import { losses } from './losses.js'
import { oddities } from './oddities.js'
import { saturation } from './saturation.js'

/**
 * Faults that are too heavy for every run of the tests: `npm run faults:heal [-- kraft|zookeeper] [losses|saturation|oddities]`.
 * Prints a line for each, and exits 1 when one did not come out as it should.
 */
const FAULTS = { losses, saturation, oddities }
const MODES = ['kraft', 'zookeeper'] as const

const wanted = process.argv.slice(2)
const chosen = <T extends string>(all: readonly T[]): readonly T[] => {
  const named = all.filter((one) => wanted.includes(one))
  return named.length === 0 ? all : named
}

let failed = 0
for (const mode of chosen(MODES)) {
  for (const name of chosen(['losses', 'saturation', 'oddities'] as const)) {
    const begun = Date.now()
    try {
      await FAULTS[name](mode)
      console.log(`ok      ${name} (${mode}), ${Math.round((Date.now() - begun) / 1000)} s`)
    } catch (error) {
      failed += 1
      console.log(
        `FAILED  ${name} (${mode}): ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
}
process.exitCode = failed === 0 ? 0 : 1
