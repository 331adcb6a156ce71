import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { ExecutionEvent } from '../../../src/lib/execution/reassign/events.js'
import type { ExecutionReport } from '../../../src/lib/plan/execution-report.js'
import { KLINIC } from '../../klinic-process.js'
import type { Lab } from '../../lab/index.js'

/** An event, and when it came. */
export interface TimedEvent {
  readonly atMs: number
  readonly event: ExecutionEvent
}

/** What an execution printed. */
export interface BenchRun {
  readonly events: readonly TimedEvent[]
  readonly report: ExecutionReport
}

/** Executes a plan on a lab as an operator would, with `--json-events`. */
export async function execute(
  lab: Lab,
  planFile: string,
  args: readonly string[],
): Promise<BenchRun> {
  const state = `${lab.dir}/state`
  mkdirSync(state, { recursive: true })
  const at = ['--bootstrap-server', lab.bootstrapServers, '--confirm', lab.clusterId]
  const words = ['reassign', 'execute', planFile, ...at, '--json-events', ...args]
  const child = spawn(process.execPath, [KLINIC, ...words], {
    env: { ...process.env, XDG_STATE_HOME: state, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const events: TimedEvent[] = []
  let report: ExecutionReport | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as ExecutionEvent | { type: 'report'; report: ExecutionReport }
    if (event.type === 'report') report = event.report
    else events.push({ atMs: Date.now(), event })
  }
  if (report === undefined) throw new Error('the execution ended without a report')
  return { events, report }
}
