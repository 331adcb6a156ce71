import type { Plan } from '../../src/lib/plan/plan.js'
import type { Lab } from '../lab/index.js'
import { fetchMetadata } from '../lab/metadata.js'
import { Operator } from '../live/roll-support.js'

/** The active controller as Kafka itself tells it: by its quorum tool, or by a broker that follows ZooKeeper. */
async function activeController(lab: Lab): Promise<number> {
  if (lab.layout.mode === 'zookeeper') {
    const wire = await lab.connect(lab.brokers[0]?.id ?? 0)
    try {
      return (await fetchMetadata(wire, [])).controllerId
    } finally {
      wire.close()
    }
  }
  const text = await lab.runTool('org.apache.kafka.tools.MetadataQuorumCommand', [
    ...['--bootstrap-server', lab.bootstrapServers, 'describe', '--status'],
  ])
  return Number(/LeaderId:\s+(\d+)/.exec(text)?.[1] ?? Number.NaN)
}

/** Makes plans of brokers and controllers; counts those that restart the active controller last. */
export async function countControllerLast(
  lab: Lab,
  plans: number,
): Promise<{ readonly last: number; readonly controllers: readonly number[] }> {
  const operator = new Operator(lab)
  const before = await activeController(lab)
  let last = 0
  for (let made = 0; made < plans; made++) {
    const inventory = ['--inventory', lab.hosts?.inventoryFile ?? '']
    const ran = await operator.plan(['--controllers', 'last', ...inventory]).ended
    if (ran.code !== 0) throw new Error(`roll plan exited ${ran.code ?? '?'}: ${ran.stderr}`)
    const { steps } = JSON.parse(ran.stdout) as Plan
    const step = steps.at(-1)
    if (step?.type === 'restart' && step.broker === before) last += 1
  }
  const after = await activeController(lab)
  return { last: before === after ? last : 0, controllers: [before] }
}
