/**
 * CPU cost of starting klinic, as a multiple of `node -e 0`: median of 15 interleaved runs. Run `npm run build` first.
 * `npm run bench:startup -- HOST:PORT` adds `cluster status` on that cluster.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROUNDS = 15
const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const klinic = join(root, 'bin', 'run.js')

interface Subject {
  readonly name: string
  readonly args: readonly string[]
  /** At most this many times the cost of `node -e 0`; absent: shown only. */
  readonly limit?: number
}

const bootstrap = process.argv[2]
const subjects: readonly Subject[] = [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: 'klinic --version', args: [klinic, '--version'], limit: 2.5 },
  { name: 'klinic balance plan --help', args: [klinic, 'balance', 'plan', '--help'], limit: 3.5 },
  { name: 'klinic config validate', args: [klinic, 'config', 'validate'] },
  ...(bootstrap === undefined
    ? []
    : [
        {
          name: 'klinic cluster status',
          args: [klinic, 'cluster', 'status', '--bootstrap-server', bootstrap],
          limit: 8,
        },
      ]),
]

/** User and system time of waited-for children, in clock ticks (fields 16 and 17 of proc(5) stat). */
function childTicks(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[13]) + Number(fields[14])
}

/** Clock ticks are 10 ms, which is coarse for one start: each sample is five starts. */
const STARTS = 5

function cpuSeconds(args: readonly string[]): number {
  const before = childTicks()
  for (let start = 0; start < STARTS; start += 1) {
    spawnSync(process.execPath, args, { stdio: 'ignore' })
  }
  return (childTicks() - before) / 100 / STARTS
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const samples = subjects.map((): number[] => [])
for (let round = 0; round < ROUNDS; round += 1) {
  subjects.forEach((subject, index) => samples[index]?.push(cpuSeconds(subject.args)))
}

const base = median(samples[0] ?? [])
const overs: string[] = []
subjects.forEach((subject, index) => {
  const cost = median(samples[index] ?? [])
  const ratio = cost / base
  const isOver = subject.limit !== undefined && ratio > subject.limit
  if (isOver) overs.push(subject.name)
  const limit =
    subject.limit === undefined ? '' : `  limit ${subject.limit}${isOver ? '  OVER' : ''}`
  const line = `${subject.name.padEnd(28)} ${(cost * 1_000).toFixed(0).padStart(5)} ms CPU  ${ratio.toFixed(2)} x${limit}`
  console.log(line)
})
process.exitCode = overs.length === 0 ? 0 : 1
