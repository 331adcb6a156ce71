import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { rackOf, indexBrokers } from '../../src/lib/model/find-partition.js'
import type { Snapshot } from '../../src/lib/model/snapshot.js'
import { assemblePlan } from '../../src/lib/plan/assemble-plan.js'
import { canonicalJson } from '../../src/lib/plan/canonical-json.js'
import { formatPlan } from '../../src/lib/plan/format-plan.js'
import { parsePlan } from '../../src/lib/plan/parse-plan.js'
import type { PlanDraft } from '../../src/lib/plan/plan.js'
import { rollbackOf } from '../../src/lib/plan/rollback.js'
import { simulateSteps } from '../../src/lib/plan/simulate.js'
import {
  listAfter,
  listBefore,
  newReplicas,
  partitionSteps,
} from '../../src/lib/plan/step-lists.js'
import { validatePlan } from '../../src/lib/plan/validate-plan.js'
import { planDecommission } from '../../src/lib/planners/decommission/plan-decommission.js'
import { planDrain } from '../../src/lib/planners/drain/plan-drain.js'
import { DEFAULT_HEAL_POLICY } from '../../src/lib/planners/heal/heal-policy.js'
import { planHeal } from '../../src/lib/planners/heal/plan-heal.js'
import { planLeader } from '../../src/lib/planners/leader/plan-leader.js'
import { planRack } from '../../src/lib/planners/rack/plan-rack.js'
import { planReplication } from '../../src/lib/planners/replication/plan-replication.js'
import { anyCluster, shuffled } from './cluster-arbitrary.js'

const places = {
  limit: 1,
  rackPolicy: 'spread',
  excludeBrokers: [],
  onlyTo: [],
  ignoreCapacity: false,
  allowFewerRacks: false,
  allowPartial: true,
} as const

interface Planner {
  readonly name: string
  readonly plan: (snapshot: Snapshot) => PlanDraft
  readonly changesFactor?: true
  readonly movesNoData?: true
}

const firstAlive = (snapshot: Snapshot): readonly number[] => {
  const ids = snapshot.brokers.filter(({ state }) => state === 'alive').map(({ id }) => id)
  return ids.sort((a, b) => a - b).slice(0, 1)
}
const topicNames = (snapshot: Snapshot): readonly string[] =>
  snapshot.topics.map(({ name }) => name)

const planners: readonly Planner[] = [
  {
    name: 'heal',
    plan: (snapshot) =>
      planHeal(snapshot, { ...DEFAULT_HEAL_POLICY, allowPartial: true, maxDead: 9 }),
  },
  {
    name: 'decommission',
    plan: (snapshot) => planDecommission(snapshot, { ...places, brokers: firstAlive(snapshot) }),
  },
  {
    name: 'drain',
    movesNoData: true,
    plan: (snapshot) => planDrain(snapshot, { ...places, brokers: firstAlive(snapshot) }),
  },
  {
    name: 'leader (preferred)',
    movesNoData: true,
    plan: (snapshot) => planLeader(snapshot, { goal: 'preferred' }),
  },
  {
    name: 'leader (even)',
    movesNoData: true,
    plan: (snapshot) => planLeader(snapshot, { goal: 'even' }),
  },
  { name: 'rack', plan: (snapshot) => planRack(snapshot, places) },
  {
    name: 'rack (even)',
    plan: (snapshot) => planRack(snapshot, { ...places, rackPolicy: 'even' }),
  },
  ...[1, 2, 3].map((factor): Planner => ({
    name: `replication (factor ${factor})`,
    changesFactor: true,
    plan: (snapshot) =>
      planReplication(snapshot, {
        ...places,
        topics: topicNames(snapshot),
        factor,
        allowBelowMinIsr: false,
      }),
  })),
]

const clusters = anyCluster({ maxDead: 2, minBrokers: 2, inFlight: true })

/** Everything that a step must not do, as sentences. */
function violations(planner: Planner, snapshot: Snapshot, draft: PlanDraft): readonly string[] {
  const brokers = indexBrokers(snapshot)
  const racks = (list: readonly number[]): number =>
    new Set(list.map((id) => rackOf(brokers, id))).size
  const moving = new Set(
    snapshot.topics.flatMap((topic) =>
      topic.partitions
        .filter(({ adding }) => (adding?.length ?? 0) > 0)
        .map(({ id }) => `${topic.name}-${id}`),
    ),
  )
  return partitionSteps(draft.steps).flatMap((step) => {
    const [from, to] = [listBefore(step), listAfter(step)]
    const name = `${step.topic}-${step.partition}`
    const isServing = (id: number): boolean => brokers.get(id)?.state !== 'dead'
    const isAlive = (id: number): boolean => brokers.get(id)?.state === 'alive'
    return [
      new Set(to).size === to.length ? [] : [`${name} names a broker twice`],
      planner.changesFactor || to.length === from.length ? [] : [`${name} changes its factor`],
      newReplicas(step).every(isAlive) ? [] : [`${name} goes to a broker that is not alive`],
      brokers.get(to[0]!)?.state === 'dead' ? [`${name} is to be led by a dead broker`] : [],
      racks(to) >= Math.min(racks(from.filter(isServing)), to.length)
        ? []
        : [`${name} loses a rack`],
      moving.has(name) ? [`${name} is in flight and touched`] : [],
      planner.movesNoData && step.bytesToMove > 0 ? [`${name} moves data`] : [],
    ].flat()
  })
}

describe.each(planners)('plans of $name over generated clusters', (planner) => {
  const check = (property: (snapshot: Snapshot, draft: PlanDraft) => void): void => {
    fc.assert(
      fc.property(clusters, (snapshot) => property(snapshot, planner.plan(snapshot))),
      { numRuns: 60, interruptAfterTimeLimit: 20_000 },
    )
  }

  it('keep every placement rule', () => {
    check((snapshot, draft) => {
      expect(violations(planner, snapshot, draft)).toEqual([])
    })
  })

  it('are the same bytes however the cluster is written, and leave nothing more to do', () => {
    check((snapshot, draft) => {
      const other = shuffled(snapshot)
      const text = formatPlan(assemblePlan(snapshot, draft))
      expect(formatPlan(assemblePlan(other, planner.plan(other))) === text).toBe(true)
      expect(planner.plan(simulateSteps(snapshot, draft.steps)).steps).toEqual([])
    })
  })

  it('come back from their file, fit the cluster, and are undone by their rollback', () => {
    check((snapshot, draft) => {
      const plan = assemblePlan(snapshot, draft)
      const text = formatPlan(plan)
      expect(canonicalJson(parsePlan(text, 'file')) === canonicalJson(plan)).toBe(true)
      const blockers = validatePlan(plan, snapshot).filter(({ severity }) => severity === 'blocker')
      expect(blockers).toEqual([])
      const undone = simulateSteps(simulateSteps(snapshot, plan.steps), rollbackOf(plan).steps)
      const lists = (of: Snapshot): string =>
        JSON.stringify(of.topics.map((topic) => topic.partitions.map(({ replicas }) => replicas)))
      expect(lists(undone)).toBe(lists(snapshot))
    })
  })
})
