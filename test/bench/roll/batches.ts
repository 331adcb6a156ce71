/**
 * npm run bench:batches
 *
 * Plans rolling restarts of generated clusters of 20 to 200 brokers, and prints the number of batches beside the proven bound.
 */
import Table from 'cli-table3'

import { BATCH_CASES, planCase } from './batch-cases.js'

const table = new Table({
  head: ['replicas', '--batch', 'brokers', '--max-parallel', 'batches', 'bound', 'ratio', 'ms'],
  style: { head: [], border: [] },
})
for (const one of BATCH_CASES) {
  const { batches, bound, milliseconds } = planCase(one)
  table.push([
    one.name,
    one.batch,
    one.brokers,
    one.together === 1000 ? 'none' : one.together,
    batches,
    bound,
    (batches / bound).toFixed(2),
    milliseconds,
  ])
}
console.log(table.toString())
