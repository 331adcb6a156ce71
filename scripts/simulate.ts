import { parseArgs } from 'node:util'

import fc from 'fast-check'

import {
  checkCancel,
  checkExecution,
  schedule,
} from '../test/lib/execution/reassign/simulated/schedules.js'

/** So many schedules between two lines of progress. */
const CHUNK = 2_000

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})
const total = Number(values.schedules)
const seed = Number(values.seed)
const properties = [
  fc.asyncProperty(schedule, checkExecution),
  fc.asyncProperty(schedule, fc.integer({ min: 1, max: 25 }), checkCancel),
]

/** Runs the executor through schedules of the simulated controller; every other one is cancelled half-way. */
async function simulate(): Promise<readonly string[]> {
  const failures: string[] = []
  for (let done = 0; done < total; done += CHUNK) {
    for (const [index, property] of properties.entries()) {
      const numRuns = Math.ceil(Math.min(CHUNK, total - done) / properties.length)
      const options = { numRuns, seed: seed + done + index }
      const found = await fc.check<unknown>(property as fc.IAsyncProperty<unknown>, options)
      if (found.failed) failures.push(await fc.asyncDefaultReportMessage(found))
    }
    process.stderr.write(
      `${Math.min(total, done + CHUNK)} of ${total}, ${failures.length} failures\n`,
    )
  }
  return failures
}

const began = Date.now()
const failures = await simulate()
for (const text of failures) process.stdout.write(`${text}\n`)
process.stdout.write(
  `${total} schedules, seed ${seed}, ${failures.length} failures, ${Math.round((Date.now() - began) / 1000)} s\n`,
)
process.exitCode = failures.length === 0 ? 0 : 1
