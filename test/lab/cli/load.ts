import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../lab.js'
import type { LoadReport, ProduceSpec } from '../load/spec.js'
import { startLoad } from '../load/start-load.js'
import { createTopic, describeTopics } from '../topics.js'
import type { LoadArguments } from './load-arguments.js'

/** Runs a load until its time is over or it is interrupted; prints what was really sent as JSON. */
export async function runLoad(lab: Lab, args: LoadArguments): Promise<void> {
  for (const spec of args.spec.produce) await ensureTopic(lab, spec, args)
  const load = await startLoad(lab, args.spec)
  console.error(`lab: load runs as process ${load.pid}`)
  const end = new AbortController()
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const seconds = args.durationSec ?? 7 * 24 * 3600
  await Promise.race([interrupted, sleep(seconds * 1000, undefined, { signal: end.signal })])
  end.abort()
  const report = await load.stop()
  printSummary(report)
  console.log(JSON.stringify(report, null, 2))
}

async function ensureTopic(lab: Lab, spec: ProduceSpec, args: LoadArguments): Promise<void> {
  const [state] = await describeTopics(lab, [spec.topic])
  if (state !== undefined && state.partition >= 0) return
  const ids = lab.brokers.map((broker) => broker.id)
  const roundRobin = spec.bytesInPerSec.map((_, partition) =>
    ids.slice(0, 2).map((_id, turn) => ids[(partition + turn) % ids.length] ?? 1),
  )
  await createTopic(lab, spec.topic, args.assignment ?? roundRobin)
}

function printSummary(report: LoadReport): void {
  const seconds = (report.toMs - report.fromMs) / 1000
  const rate = (bytes: number): string => `${(bytes / seconds / 1e6).toFixed(3)} MB/s`
  for (const one of report.partitions)
    console.error(`lab: ${one.topic}-${one.partition} in ${rate(one.bytes)}, errors ${one.errors}`)
  for (const one of report.consumers)
    console.error(`lab: ${one.topic}-${one.partition} to ${one.name} ${rate(one.bytes)}`)
}
