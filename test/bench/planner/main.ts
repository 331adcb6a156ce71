/**
 * npm run bench:planner [-- --models DIR] [-- --large]
 *
 * Balances the recorded models (DIR holds NAME.snapshot.json.gz; without it they are left out) and generated ones, and
 * prints time, memory, bytes, balance and distance from the proven bound, beside Cruise Control's recorded figures.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

import Table from 'cli-table3'

import type { Snapshot } from '../../../src/lib/model/snapshot.js'
import {
  DEFAULT_BALANCE_POLICY,
  type BalancePolicy,
} from '../../../src/lib/planners/balance/balance-policy.js'
import { generateModel, withoutTraffic } from './generate-model.js'
import { measureBalance, type Measured } from './measure.js'
import { RECORDED, type Recorded } from './recorded.js'
import { LARGEST, SHAPES } from './shapes.js'

const POLICY: BalancePolicy = { ...DEFAULT_BALANCE_POLICY, limit: 0.8 }
const COUNTS: BalancePolicy = {
  ...DEFAULT_BALANCE_POLICY,
  resources: ['replicas', 'leaders'],
  band: 0.01,
  fixRacks: true,
}
const TB = 1e12

const argument = (name: string): string | undefined => {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}

const table = new Table({
  head: [
    'model',
    'CPU s',
    'RSS MB',
    'moves',
    'leaders',
    'TB',
    'bound TB',
    'x bound',
    'max/mean after',
    '2nd run',
    'CC TB',
    'CC CPU s',
    'LP TB',
  ],
  style: { head: [], border: [] },
})

function addRow(name: string, got: Measured, known?: Recorded, other?: number): void {
  const bound = known?.bound === undefined ? got.bound : known.bound * TB
  table.push([
    name,
    got.cpuSeconds.toFixed(2),
    got.rssMb.toFixed(0),
    got.replicaMoves,
    got.leaderMoves,
    (got.bytes / TB).toFixed(3),
    got.bound === null ? '-' : (got.bound / TB).toFixed(3),
    bound === null || bound === 0 ? '-' : (got.bytes / bound).toFixed(3),
    got.maxOverMean,
    got.secondRun ?? '-',
    other ?? '-',
    known?.cpu ?? '-',
    known?.bound ?? '-',
  ])
}

const readModel = (file: string): Snapshot =>
  JSON.parse(gunzipSync(readFileSync(file)).toString()) as Snapshot

const models = argument('--models')
for (const known of models === undefined ? [] : RECORDED) {
  const file = join(models ?? '', `${known.model}.snapshot.json.gz`)
  if (!existsSync(file)) continue
  const snapshot = readModel(file)
  addRow(known.model, measureBalance(snapshot, POLICY), known, known.net)
  const withDisk: Recorded = {
    model: known.model,
    cpu: known.cpu,
    net: known.net,
    withDisk: known.withDisk,
  }
  const policy: BalancePolicy = { ...POLICY, resources: ['in', 'out', 'disk'] }
  addRow(`${known.model} +disk`, measureBalance(snapshot, policy), withDisk, known.withDisk)
}
for (const shape of SHAPES) addRow(shape.name, measureBalance(generateModel(shape), POLICY))
for (const [brokers, partitions] of [
  [30, 3000],
  [100, 10_000],
] as const) {
  const shape = {
    name: 'counts',
    seed: 7,
    brokers,
    racks: 3,
    partitions,
    topics: partitions / 20,
    skew: 0.5,
  }
  const snapshot = withoutTraffic(generateModel(shape))
  addRow(`counts ${partitions}/${brokers}`, measureBalance(snapshot, COUNTS))
}
if (process.argv.includes('--large'))
  addRow(LARGEST.name, measureBalance(generateModel(LARGEST), POLICY, false))
console.log(table.toString())
