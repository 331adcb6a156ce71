/**
 * The main job on a real cluster: start it, load it unevenly, measure, plan, move, measure again. Exits 0 only when the
 * traffic measured afterwards is what was promised and the cluster is whole.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import type { Snapshot } from '../../src/lib/model/snapshot.js'
import type { Plan } from '../../src/lib/plan/plan.js'
import { renderTable } from '../../src/lib/report/table.js'
import { mustRun } from './run-klinic.js'
import type { DemoMode, Scene } from './scene.js'
import { openScene } from './scene.js'
import { compareBrokers, judge } from './verdict.js'

const WARM_UP_MS = 8_000
const SETTLE_MS = 3_000

function chooseMode(): DemoMode {
  const { values } = parseArgs({ options: { mode: { type: 'string', default: 'kraft' } } })
  if (values.mode === 'kraft' || values.mode === 'zookeeper') return values.mode
  console.error(`--mode is kraft or zookeeper, not ${values.mode}`)
  process.exit(64)
}

const mb = (bytesPerSec: number): string => (bytesPerSec / 1e6).toFixed(2)
const heading = (text: string): void => console.log(`\n== ${text}`)

async function measurePlanMove(folder: string): Promise<void> {
  heading('What is there')
  await mustRun(folder, 'cluster status --cluster demo')
  heading('Measure, through the Kafka protocol alone')
  await mustRun(folder, 'stats collect --cluster demo --create-topic --for 40s --interval 10s')
  await mustRun(folder, 'stats show --cluster demo')
  heading('Plan')
  await mustRun(folder, 'balance plan --cluster demo --output plan.json')
  heading('Move')
  await mustRun(folder, 'reassign execute plan.json --cluster demo --confirm demo --throttle 20MB')
}

function conclude(folder: string): boolean {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const after = read('after.json') as Snapshot
  const brokers = compareBrokers(read('plan.json') as Plan, after)
  heading('Out-traffic of each broker, MB/s')
  const columns = ['broker', 'before', 'planned', 'measured'].map((title) => ({
    title,
    align: 'right' as const,
  }))
  console.log(
    renderTable(
      columns,
      brokers.map((b) => [String(b.id), mb(b.before), mb(b.planned), mb(b.measured)]),
    ),
  )
  const promises = judge(brokers, after)
  for (const promise of promises)
    console.log(`  ${promise.kept ? 'ok    ' : 'NOT OK'} ${promise.text}`)
  return promises.every((promise) => promise.kept)
}

async function play(scene: Scene): Promise<boolean> {
  await sleep(WARM_UP_MS)
  await measurePlanMove(scene.folder)
  heading('Measure again')
  await sleep(SETTLE_MS)
  await mustRun(scene.folder, 'snapshot save --cluster demo --observe 40s --output after.json')
  return conclude(scene.folder)
}

const mode = chooseMode()
const startedMs = performance.now()
heading(`A real Kafka cluster (${mode}), four brokers in two racks; broker 4 has just joined`)
let scene: Scene | null = null
try {
  scene = await openScene(mode)
  process.exitCode = (await play(scene)) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await scene?.end()
}
console.log(`\n${Math.round((performance.now() - startedMs) / 1000)} s in all`)
