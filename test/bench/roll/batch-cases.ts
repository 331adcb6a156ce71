import type { Snapshot } from '../../../src/lib/model/snapshot.js'
import { planRoll } from '../../../src/lib/planners/roll/plan-roll.js'
import type { RollPolicy } from '../../../src/lib/planners/roll/roll-policy.js'
import { generateModel, type ModelShape, withoutTraffic } from '../planner/generate-model.js'

/** How replicas lie: in racks of their own, or anywhere, with a few or with many partitions on each broker. */
interface Placement {
  readonly name: string
  readonly shape: (brokers: number) => Pick<ModelShape, 'racks' | 'partitions'>
  readonly replicationFactor: number
  readonly batch: RollPolicy['batch']
}

const PLACEMENTS: readonly Placement[] = [
  {
    name: 'RF 3 over 3 racks',
    shape: (brokers) => ({ racks: 3, partitions: brokers * 40 }),
    replicationFactor: 3,
    batch: 'rack',
  },
  {
    name: 'RF 3 over 5 racks',
    shape: (brokers) => ({ racks: 5, partitions: brokers * 40 }),
    replicationFactor: 3,
    batch: 'parallel',
  },
  {
    name: 'RF 3 anywhere, 2 partitions a broker',
    shape: (brokers) => ({ racks: brokers, partitions: brokers * 2 }),
    replicationFactor: 3,
    batch: 'parallel',
  },
  {
    name: 'RF 3 anywhere, 40 partitions a broker',
    shape: (brokers) => ({ racks: brokers, partitions: brokers * 40 }),
    replicationFactor: 3,
    batch: 'parallel',
  },
  {
    name: 'RF 4 anywhere, 10 partitions a broker',
    shape: (brokers) => ({ racks: brokers, partitions: brokers * 10 }),
    replicationFactor: 4,
    batch: 'parallel',
  },
]

const SIZES = [20, 50, 100, 200]
/** The default, and as good as no limit. */
const TOGETHER = [3, 1000]

/** A plan to be made: a cluster, and how many brokers may be down together. */
export interface BatchCase {
  readonly name: string
  readonly brokers: number
  readonly together: number
  readonly batch: RollPolicy['batch']
  readonly snapshot: () => Snapshot
}

/** Every placement in every size, min ISR 2. */
export const BATCH_CASES: readonly BatchCase[] = PLACEMENTS.flatMap((placement, number) =>
  SIZES.flatMap((brokers) =>
    TOGETHER.map((together) => ({
      name: placement.name,
      brokers,
      together,
      batch: placement.batch,
      snapshot: () =>
        withoutTraffic(
          generateModel({
            name: `${placement.name}, ${brokers}`,
            seed: 100 * number + brokers,
            brokers,
            topics: Math.ceil(brokers / 5),
            replicationFactor: placement.replicationFactor,
            ...placement.shape(brokers),
          }),
        ),
    })),
  ),
)

/** What came of a case. */
export interface BatchResult {
  readonly batches: number
  readonly bound: number
  readonly milliseconds: number
}

/** Plans the restart of every broker of a case. */
export function planCase({ batch, together, snapshot }: BatchCase): BatchResult {
  const cluster = snapshot()
  const startedMs = performance.now()
  const plan = planRoll(cluster, {
    exclude: [],
    order: 'leaders',
    keepOrder: false,
    controllers: 'no',
    batch,
    maxParallel: together,
    maxUnavailableShare: 1,
    isrMargin: 0,
    allowReassignments: false,
  })
  return {
    batches: Number(plan.policy['batches']),
    bound: Number(plan.policy['batchesLowerBound']),
    milliseconds: Math.round(performance.now() - startedMs),
  }
}
