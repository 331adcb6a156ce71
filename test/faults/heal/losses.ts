import assert from 'node:assert/strict'

import type { Plan } from '../../../src/lib/plan/plan.js'
import { listAfter, partitionSteps } from '../../../src/lib/plan/step-lists.js'
import { createTopics, startLab, type LabMode } from '../../lab/index.js'
import { openWard } from '../../live/heal-support.js'

const SOON_MS = 180_000
const PORTS = { kraft: 23_200, zookeeper: 23_300 } as const

/** Six brokers of which two die: two of three replicas, all of two, and an only one. */
export async function losses(mode: LabMode): Promise<void> {
  const lab = await startLab({ mode, brokers: 6, racks: 3, basePort: PORTS[mode], heapMb: 256 })
  try {
    await createTopics(lab, [
      {
        name: 'most',
        assignment: [
          [5, 6, 1],
          [6, 1, 5],
        ],
      },
      { name: 'all', assignment: [[5, 6]] },
      { name: 'only', assignment: [[6]] },
      { name: 'well', assignment: [[1, 2, 3]] },
    ])
    const ward = await openWard(lab)
    try {
      await Promise.all([lab.kill(5), lab.kill(6)])
      await ward.until(
        'both are missed',
        SOON_MS,
        async () => !(await ward.lists(5)) && !(await ward.lists(6)),
      )
      const now = ['heal', 'plan', '--min-dead-for', '0s', '--json']
      const many = await ward.klinic(...now)
      assert.deepEqual([many.code, ward.blockers(many)], [3, ['TOO_MANY_DEAD']])
      const file = ward.file('two.json')
      const two = await ward.klinic(...now, '--max-dead', '2', '--output', file)
      assert.equal(two.code, 0, two.stderr)
      const plan = JSON.parse(two.stdout) as Plan
      const steps = partitionSteps(plan.steps)
      assert.deepEqual(
        steps.map(({ topic }) => topic),
        ['most', 'most'],
      )
      for (const list of steps.map(listAfter))
        assert.equal(
          list.some((id) => id > 4),
          false,
        )
      const risks = plan.deferred.map(({ subject, reason }) => `${subject} ${reason.code}`)
      assert.deepEqual(risks, ['all-0 NO_LIVE_IN_SYNC_REPLICA', 'only-0 ONLY_COPY_LOST'])
      const ran = await ward.klinic('reassign', 'execute', file, '--confirm', plan.cluster.id)
      assert.equal(ran.code, 0, ran.stderr)
      await ward.until('most is whole', SOON_MS, () => ward.isWhole(['most', 'well']))
    } finally {
      await ward.close()
    }
  } finally {
    await lab.down()
  }
}
