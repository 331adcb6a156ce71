/**
 * How exact is traffic that is measured through the Kafka protocol alone? Runs a load that makes it hard, measures it, and
 * compares with what the load generator sent and read and with the brokers' own counters.
 *
 *   npm run bench:traffic -- --mode kraft|zookeeper [--seconds 200] [--base-port 22000]
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openKafkaReader } from '../../../src/lib/adapters/kafka/open-kafka-reader.js'
import { systemClock } from '../../../src/lib/adapters/system/clock.js'
import { observeTraffic } from '../../../src/lib/reading/traffic/observe-traffic.js'
import type { IntervalTraffic } from '../../../src/lib/traffic/interval.js'
import { type BrokerTotals, type Lab, readJmxTotals, startLab, startLoad } from '../../lab/index.js'
import { compareWithTruth } from './compare.js'
import { reportComparisons, reportTotals } from './report.js'
import { brokerConfig, createScenarioTopics, scenario } from './scenario.js'

const WARM_UP_MS = 45_000

interface Counters {
  readonly atMs: number
  readonly bytesIn: number
  readonly bytesOut: number
}

async function readCounters(lab: Lab): Promise<Counters> {
  const before = Date.now()
  const totals = await readJmxTotals(lab)
  const sum = (pick: (broker: BrokerTotals) => number): number =>
    totals.reduce((all, broker) => all + pick(broker), 0)
  return {
    atMs: (before + Date.now()) / 2,
    bytesIn: sum((broker) => broker.bytesIn),
    bytesOut: sum((broker) => broker.bytesOut),
  }
}

async function observe(lab: Lab, durationMs: number): Promise<IntervalTraffic> {
  const reader = await openKafkaReader({
    bootstrapServers: lab.bootstrapServers.split(','),
    clientId: 'klinic-bench',
    connectTimeoutMs: 3_000,
    requestTimeoutMs: 5_000,
  })
  try {
    return await observeTraffic(reader, { clock: systemClock, durationMs })
  } finally {
    await reader.close()
  }
}

async function bench(lab: Lab, durationMs: number): Promise<boolean> {
  await createScenarioTopics(lab)
  const load = await startLoad(lab, scenario)
  await sleep(WARM_UP_MS)
  const before = await readCounters(lab)
  const cpuBefore = process.cpuUsage()
  const traffic = await observe(lab, durationMs)
  const cpu = process.cpuUsage(cpuBefore)
  const after = await readCounters(lab)
  const report = await load.report({ fromMs: traffic.fromMs, toMs: traffic.toMs })
  await load.stop()
  console.log(
    `observed ${(traffic.toMs - traffic.fromMs) / 1000} s with ${traffic.readings} readings, ` +
      `${((cpu.user + cpu.system) / 1e6).toFixed(1)} CPU seconds of ours`,
  )
  const seconds = (after.atMs - before.atMs) / 1000
  const counters = {
    bytesInPerSec: (after.bytesIn - before.bytesIn) / seconds,
    bytesOutPerSec: (after.bytesOut - before.bytesOut) / seconds,
  }
  const partitionsHold = reportComparisons(compareWithTruth(traffic, report))
  const totalsHold = reportTotals(traffic, counters, report)
  return partitionsHold && totalsHold
}

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'kraft' },
    seconds: { type: 'string', default: '200' },
    'base-port': { type: 'string', default: '22000' },
  },
})
const mode = values.mode === 'zookeeper' ? 'zookeeper' : 'kraft'
const lab = await startLab({
  mode,
  brokers: 3,
  basePort: Number(values['base-port']),
  jolokia: true,
  brokerConfig,
})
try {
  console.log(`mode ${mode}`)
  process.exitCode = (await bench(lab, Number(values.seconds) * 1000)) ? 0 : 1
} finally {
  await lab.down()
}
