/**
 * What does `--throttle auto` cost the clients, and what does it save? Brokers on links that are capped, producers on all of
 * them, partitions moved forth and back: at a quarter of the link, and automatically.
 *
 *   npm run bench:throttle-auto -- [--mode kraft|zookeeper] [--link 5] [--fetch 8] [--clients 0.5] [--requests small|full]
 *     [--seconds 200] [--partitions 8] [--runs 5] [--base-port 24700]
 *
 * Two cores carry four brokers on links of 5 MB/s, where 1 MB, what a follower asks for of a partition at a time, takes 200 ms.
 * So that is made smaller too (`--fetch`, in kB): 8 kB take as long here as 1 MB on 5 Gbit/s.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Lab, startLab } from '../../lab/index.js'
import { ClientLoad, type RequestMix } from './client-load.js'
import { type BenchRun, execute } from './klinic.js'
import { type BenchMove, kafkaJson, prepareMoves, rotation } from './moves.js'

/** TCP/IP and Kafka's own framing take the rest of a link. */
const USABLE = 0.95
const BEFORE_MS = 20_000

interface Round {
  readonly seconds: number
  readonly p95Before: number
  readonly p95During: number
  readonly etaSeconds: number | null
}

const back = (move: BenchMove): BenchMove => ({ ...move, from: move.to, to: move.from })

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const loadNow = (): string => loadavg()[0]?.toFixed(1) ?? ''

function firstEta({ events }: BenchRun): { atMs: number; seconds: number } | null {
  for (const { atMs, event } of events) {
    if (event.type !== 'progress' || event.progress.movesUnderWay === 0) continue
    const { etaSeconds } = event.progress
    if (etaSeconds !== null && etaSeconds > 0) return { atMs, seconds: etaSeconds }
  }
  return null
}

async function round(
  lab: Lab,
  load: ClientLoad,
  moves: readonly BenchMove[],
  args: readonly string[],
): Promise<Round> {
  const planFile = `${lab.dir}/plan-${Date.now()}.json`
  writeFileSync(planFile, kafkaJson(moves))
  const loadBefore = loadNow()
  const beforeMs = Date.now()
  await sleep(BEFORE_MS)
  const startMs = Date.now()
  const run = await execute(lab, planFile, args)
  if (run.report.exit !== 'done') throw new Error(run.report.message)
  const fromMs = Date.parse(run.report.startedAt)
  const toMs = Date.parse(run.report.endedAt)
  for (const { event } of run.events)
    if (event.type === 'note' && event.code === 'THROTTLE') console.log(`    ${event.text}`)
  const eta = firstEta(run)
  const p95Before = load.quantile(0.95, beforeMs, startMs)
  const p95During = load.quantile(0.95, fromMs, toMs)
  const seconds = (toMs - fromMs) / 1000
  // What the estimate was of: from when it was given.
  const share = eta === null ? null : eta.seconds / ((toMs - eta.atMs) / 1000)
  console.log(
    `  ${args.join(' ')}: ${seconds.toFixed(1)} s, ETA ${eta === null ? 'none' : `${((share ?? 0) * 100).toFixed(0)} % of the time it took`}, ` +
      `p50 ${load.quantile(0.5, beforeMs, startMs)} -> ${load.quantile(0.5, fromMs, toMs)}, ` +
      `p95 ${p95Before} -> ${p95During} ms (x ${(p95During / p95Before).toFixed(2)}); ` +
      `load average ${loadBefore} -> ${loadNow()}`,
  )
  return { seconds, p95Before, p95During, etaSeconds: share }
}

async function bench(lab: Lab, link: number, runs: number): Promise<boolean> {
  const load = new ClientLoad(lab, Number(values.clients) * 1e6, requests)
  const moves = rotation(Number(values.partitions), (link / 4) * Number(values.seconds))
  // A fetch brings a whole batch at least.
  await prepareMoves(lab, moves, fetchBytes / 2)
  for (const { id } of lab.brokers) await lab.limit(id, link)
  await load.start()
  await sleep(10_000)
  const limit = `${(link * USABLE) / 1e6}MB/s`
  const auto = [
    '--throttle',
    'auto',
    '--throttle-min',
    '1MB',
    '--in-limit',
    limit,
    '--out-limit',
    limit,
  ]
  const quarter = ['--throttle', `${link / 4e6}MB`]
  const fixedRuns: Round[] = []
  const autoRuns: Round[] = []
  let isAsAsked = false
  for (let run = 0; run < runs; run++) {
    fixedRuns.push(await round(lab, load, moves, quarter))
    autoRuns.push(await round(lab, load, moves.map(back), auto))
    isAsAsked = report(fixedRuns, autoRuns)
  }
  await load.stop()
  return isAsAsked
}

/** Prints the medians so far; whether they are what was asked for. */
function report(fixedRuns: readonly Round[], autoRuns: readonly Round[]): boolean {
  const slowerOf = (rounds: readonly Round[]): number =>
    median(rounds.map(({ p95Before, p95During }) => p95During / p95Before))
  const secondsOf = (rounds: readonly Round[]): number => median(rounds.map((one) => one.seconds))
  const slower = slowerOf(autoRuns)
  const ratio = secondsOf(autoRuns) / secondsOf(fixedRuns)
  const etas = autoRuns.map(({ etaSeconds }) => etaSeconds ?? 0)
  console.log(
    `medians of ${autoRuns.length}: p95 x ${slower.toFixed(2)} (at most 1.5; at a quarter x ${slowerOf(fixedRuns).toFixed(2)}), ` +
      `time x ${ratio.toFixed(2)} (at most 0.6), ETA ${etas.map((eta) => eta.toFixed(2)).join(' ')}`,
  )
  return slower <= 1.5 && ratio <= 0.6 && Math.abs(1 - median(etas)) <= 0.2
}

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'kraft' },
    link: { type: 'string', default: '5' },
    fetch: { type: 'string', default: '8' },
    clients: { type: 'string', default: '0.5' },
    requests: { type: 'string', default: 'small' },
    seconds: { type: 'string', default: '200' },
    partitions: { type: 'string', default: '8' },
    runs: { type: 'string', default: '5' },
    'base-port': { type: 'string', default: '24700' },
  },
})
const mode = values.mode === 'zookeeper' ? 'zookeeper' : 'kraft'
const requests: RequestMix = values.requests === 'full' ? 'full' : 'small'
const fetchBytes = Number(values.fetch) * 1024
const lab = await startLab({
  mode,
  brokers: 4,
  basePort: Number(values['base-port']),
  network: {},
  brokerConfig: { 'replica.fetch.max.bytes': String(fetchBytes) },
})
try {
  console.log(
    `mode ${mode}, links of ${values.link} MB/s, fetches of ${values.fetch} kB, ${values.clients} MB/s of producers at each broker (${requests} requests), ` +
      `TCP ${readFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'utf8').trim()}`,
  )
  process.exitCode = (await bench(lab, Number(values.link) * 1e6, Number(values.runs))) ? 0 : 1
} finally {
  await lab.down()
}
