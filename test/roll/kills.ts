/**
 * `roll restart` and `roll resume` killed with SIGKILL at random points, until `roll resume` may end: every broker has to be
 * restarted exactly once, and the cluster whole.
 *
 *   npm run roll:kills -- [--mode kraft|zookeeper|both] [--kills 20] [--seed N] [--base-port 27500]
 */
import { seeded, wholeBetween } from '../chaos/random.js'
import { createTopic, startLab } from '../lab/index.js'
import { parseRollArguments } from './arguments.js'
import { killRoll } from './kill-rolls.js'
import { ROTATED, TOPIC } from './stage.js'

/** Kills of one roll at most: more rolls see more first stops. */
const KILLS_OF_ONE = 4

const { modes, kills, seed, basePort } = parseRollArguments(process.argv.slice(2))
let failed = false
for (const mode of modes) {
  console.log(`${mode}: ${kills} kills, seed ${seed}`)
  const random = seeded(seed)
  const say = (line: string): void =>
    console.log(`${new Date().toISOString().slice(11, 19)} ${line}`)
  const lab = await startLab({ mode, brokers: 3, racks: 3, basePort, hosts: true })
  try {
    await createTopic(lab, TOPIC, ROTATED, { 'min.insync.replicas': '2' })
    let done = 0
    for (let rolls = 1; done < kills && !failed; rolls++) {
      const wanted = Math.min(kills - done, wholeBetween(random, 2, KILLS_OF_ONE))
      const result = await killRoll(lab, { kills: wanted, random, say })
      done += result.kills
      failed = result.violations.length > 0
      say(
        `roll ${rolls}: ${result.kills} kills, ${done} of ${kills}; ${result.violations.join('; ') || 'every broker restarted once, cluster whole'}`,
      )
    }
  } finally {
    await lab.down()
  }
}
process.exitCode = failed ? 1 : 0
