import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Assignment, Lab, Load, LoadSpec } from '../lab/index.js'
import { createTopics, startLab, startLoad } from '../lab/index.js'

/** The stage of the demo: a loaded cluster, and a folder with a klinic.yaml that calls it `demo`. */
export interface Scene {
  readonly lab: Lab
  readonly load: Load
  readonly folder: string
  end(): Promise<void>
}

/** Metadata mode of the cluster. */
export type DemoMode = 'kraft' | 'zookeeper'

/** Tried in turn: somebody may have something on the first. */
const BASE_PORTS = [26000, 26100, 26200, 26300]

async function startOnFreePorts(mode: DemoMode): Promise<Lab> {
  let problem: unknown
  for (const basePort of BASE_PORTS) {
    try {
      return await startLab({ mode, brokers: 4, racks: 2, basePort, logDirs: 1 })
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('is taken'))) throw error
      problem = error
    }
  }
  throw problem
}

/** Broker 4 has just joined and is empty; broker 1 leads nearly everything. Replica lists by partition. */
const ORDERS: Assignment = [
  [1, 2],
  [1, 3],
  [1, 2],
  [1, 3],
  [1, 2],
  [1, 3],
  [1, 2],
  [1, 3],
  [2, 1],
  [3, 1],
  [2, 3],
  [3, 2],
]
const CLICKS: Assignment = [
  [1, 3],
  [1, 2],
  [1, 3],
  [2, 3],
  [1, 2],
  [3, 2],
]

const KB = 1_000

/** Steady rates with a skew between partitions, so that what is foretold can be compared with what is measured. */
const LOAD: LoadSpec = {
  produce: [
    {
      topic: 'orders',
      bytesInPerSec: [180, 150, 130, 120, 110, 100, 90, 80, 70, 60, 50, 40].map(
        (rate) => rate * KB,
      ),
      recordBytes: [400, 1_500],
    },
    {
      topic: 'clicks',
      bytesInPerSec: [90, 80, 70, 60, 50, 40].map((rate) => rate * KB),
      recordBytes: 700,
    },
  ],
  consume: [
    { name: 'billing', topic: 'orders', commitEverySec: 2 },
    { name: 'shipping', topic: 'orders', commitEverySec: 5 },
    { name: 'reports', topic: 'clicks', commitEverySec: 3 },
  ],
}

function writeConfig(folder: string, lab: Lab): void {
  const zookeeper =
    lab.zookeeperConnect === null ? '' : `    zookeeper:\n      connect: ${lab.zookeeperConnect}\n`
  const servers = lab.bootstrapServers.split(',').map((server) => `      - ${server}\n`)
  const text = `clusters:\n  demo:\n    clusterId: ${lab.clusterId}\n    bootstrapServers:\n${servers.join('')}${zookeeper}`
  writeFileSync(join(folder, 'klinic.yaml'), text)
}

/** Starts cluster and load; ends both if anything on the way fails. */
export async function openScene(mode: DemoMode): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'klinic-demo-'))
  const lab = await startOnFreePorts(mode)
  const close = async (): Promise<void> => {
    await lab.down()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await createTopics(lab, [
      { name: 'orders', assignment: ORDERS, configs: { 'min.insync.replicas': '1' } },
      { name: 'clicks', assignment: CLICKS },
    ])
    const load = await startLoad(lab, LOAD)
    writeConfig(folder, lab)
    const end = async (): Promise<void> => {
      await load.stop()
      await close()
    }
    return { lab, load, folder, end }
  } catch (error) {
    await close()
    throw error
  }
}
