/**
 * Does a throttle hold what it promises? Moves partitions with `--throttle`, measures what arrives on disk, and compares:
 * the busiest broker's rate in every 30 s window, and the time of the whole execution.
 *
 *   npm run bench:throttle -- --mode kraft|zookeeper [--throttle 20] [--seconds 90] [--partitions 36] [--base-port 24000]
 */
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Lab, startLab } from '../../lab/index.js'
import { execute } from './klinic.js'
import { LogGrowth } from './log-growth.js'
import { type BenchMove, expansion, kafkaJson, prepareMoves, rotation, workOf } from './moves.js'
import { rateRange, workTime } from './windows.js'

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`

async function bench(lab: Lab, moves: readonly BenchMove[], throttle: number): Promise<boolean> {
  await prepareMoves(lab, moves)
  const [busiest] = workOf(moves)
  if (busiest === undefined) throw new Error('nothing moves')
  const planFile = `${lab.dir}/plan.json`
  writeFileSync(planFile, kafkaJson(moves))
  const growth = new LogGrowth(lab, moves)
  growth.start()
  const { report } = await execute(lab, planFile, ['--throttle', `${throttle / 1e6}MB`])
  growth.stop()
  const points = growth.pointsOf(busiest)
  const bytes = points.at(-1)?.bytes ?? 0
  const range = rateRange(points)
  const { fromMs, toMs } = workTime(points)
  const seconds = (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000
  const ratio = seconds / (bytes / throttle)
  console.log(
    `${moves[0]?.topic ?? ''}: ${moves.length} moves, ${report.outcome}; broker ${busiest.broker} ${busiest.direction} ` +
      `${megabytes(bytes)} MB in ${((toMs - fromMs) / 1000).toFixed(1)} s; load ${loadavg()[0]?.toFixed(1) ?? ''}`,
  )
  console.log(
    `  ${range.windows} windows of 30 s: ${megabytes(range.lowest)} to ${megabytes(range.highest)} MB/s = ` +
      `${percent(range.lowest / throttle)} to ${percent(range.highest / throttle)} of ${megabytes(throttle)}`,
  )
  console.log(`  execution ${seconds.toFixed(1)} s = ${ratio.toFixed(2)} x bytes / throttle`)
  const holds = range.lowest >= 0.85 * throttle && range.highest <= 1.05 * throttle
  return report.exit === 'done' && range.windows > 0 && holds && ratio <= 1.15
}

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'kraft' },
    throttle: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '90' },
    partitions: { type: 'string', default: '36' },
    'base-port': { type: 'string', default: '24000' },
  },
})
const throttle = Number(values.throttle) * 1e6
const bytes = throttle * Number(values.seconds)
const scenarios = [
  expansion(Number(values.partitions), bytes),
  rotation(Number(values.partitions), bytes),
]
const mode = values.mode === 'zookeeper' ? 'zookeeper' : 'kraft'
console.log(`mode ${mode}`)
process.exitCode = 0
for (const moves of scenarios) {
  const lab = await startLab({ mode, brokers: 4, basePort: Number(values['base-port']) })
  try {
    if (!(await bench(lab, moves, throttle))) process.exitCode = 1
  } finally {
    await lab.down()
  }
}
