import { afterAll, beforeAll, describe } from 'vitest'

import { createTopic, startLab } from '../lab/index.js'
import { needs } from './heal-need.js'
import { replacesBrokers } from './heal-replace-scenarios.js'
import {
  goesOnElsewhere,
  restsInMaintenance,
  runsFromCron,
  type Stage,
} from './heal-run-scenarios.js'
import { openOperations } from './heal-run-support.js'
import { openWard } from './heal-support.js'
import { fill } from './reassign-support.js'

/** A minute with KRaft unless more is asked for: `npm run soak:heal` sets both modes and five minutes. */
const MODES = (process.env['KLINIC_SOAK_MODES'] ?? 'kraft').split(',').map((mode, index) => ({
  mode: mode === 'zookeeper' ? ('zookeeper' as const) : ('kraft' as const),
  basePort: 21_800 + 100 * index,
}))
const SOAK_MS = Number(process.env['KLINIC_SOAK_SECONDS'] ?? '60') * 1000

const LISTS = {
  orders: [
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 1],
    [1, 3],
  ],
}

describe.each(MODES)('heal run on a real cluster ($mode)', ({ mode, basePort }) => {
  let stage: Stage
  const closing: (() => Promise<void>)[] = []

  beforeAll(async () => {
    const lab = await startLab({ mode, brokers: 4, racks: 2, basePort, logDirs: 1 })
    closing.push(() => lab.down())
    await createTopic(lab, 'orders', LISTS.orders, {})
    await fill(lab.bootstrapServers, 'orders', [1, 2, 3], 16)
    const ward = await openWard(lab)
    const operations = await openOperations(lab)
    closing.push(
      () => ward.close(),
      () => operations.close(),
    )
    stage = { lab, ward, need: needs(lab, ward, LISTS), ...operations }
  })
  afterAll(async () => {
    for (const close of closing.toReversed()) await close()
  })

  runsFromCron(() => stage, SOAK_MS)
  goesOnElsewhere(() => stage)
  // The tests of several hosts show it with KRaft, where hosts agree through Kafka.
  if (mode === 'zookeeper') restsInMaintenance(() => stage)
  replacesBrokers(() => stage)
})
