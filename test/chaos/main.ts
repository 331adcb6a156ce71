// `npm run chaos -- --mode kraft|zookeeper|both --kills 50 --moves 200 --seed N`
import { startLab } from '../lab/index.js'
import { parseChaosArguments } from './arguments.js'
import { runChaos } from './chaos.js'

const { modes, kills, moves, seed, basePort } = parseChaosArguments(process.argv.slice(2))
let failed = false
for (const mode of modes) {
  console.log(`${mode}: ${kills} kills, plans of ${moves} moves, seed ${seed}`)
  const lab = await startLab({ mode, brokers: 4, racks: 2, basePort, logDirs: 1 })
  try {
    const say = (line: string): void =>
      console.log(`${new Date().toISOString().slice(11, 19)} ${line}`)
    const result = await runChaos({ lab, topic: 'chaos', kills, moves, seed, say })
    console.log(JSON.stringify({ mode, ...result }, null, 2))
    failed ||= result.violations.length > 0
  } finally {
    await lab.down()
  }
}
process.exitCode = failed ? 1 : 0
