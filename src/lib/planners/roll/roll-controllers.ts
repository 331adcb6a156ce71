import type { Snapshot } from '../../model/snapshot.js'
import type { Finding, RestartStep } from '../../plan/plan.js'
import type { ControllerNode, RollFacts } from './roll-facts.js'
import type { RollPolicy } from './roll-policy.js'

/**
 * Controllers that restart: those named among the brokers, or all when asked for; the active one last, so that it moves only
 * once. A node that is broker and controller counts as a broker.
 */
export function chooseControllers(
  snapshot: Snapshot,
  policy: RollPolicy,
  facts: RollFacts,
): readonly ControllerNode[] {
  const excluded = new Set(policy.exclude)
  const named = new Set(policy.brokers ?? [])
  const all = policy.controllers !== 'no' && policy.brokers === undefined
  const chosen = (facts.controllers ?? [])
    .filter(({ id }) => !excluded.has(id) && (all || named.has(id)))
    .toSorted((a, b) => a.id - b.id)
  const isActive = ({ id }: ControllerNode): boolean => id === snapshot.cluster.controller
  return [...chosen.filter((node) => !isActive(node)), ...chosen.filter(isActive)]
}

const REASONS = {
  active: {
    code: 'CONTROLLER_LAST',
    text: 'active controller: last of the controllers, so that it moves only once',
  },
  other: {
    code: 'QUORUM_MAJORITY',
    text: 'controller: alone, so that the quorum keeps its majority',
  },
} as const

/** A controller's restart; ids and batches are numbered when the plan is put together. */
export function controllerStep(node: ControllerNode, isActive: boolean): RestartStep {
  return {
    id: 0,
    type: 'restart',
    broker: node.id,
    host: node.host,
    role: 'controller',
    batch: 0,
    reason: isActive ? REASONS.active : REASONS.other,
    leaders: 0,
    replicas: 0,
    partitionsAtRisk: 0,
  }
}

/** Says which controllers a roll leaves alone, so that nobody believes they were restarted. */
export function findControllersLeft(
  chosen: readonly ControllerNode[],
  policy: RollPolicy,
  facts: RollFacts,
): readonly Finding[] {
  if (policy.brokers !== undefined || policy.controllers !== 'no') return []
  const left = (facts.controllers ?? []).filter(({ id }) => !chosen.some((node) => node.id === id))
  if (left.length === 0) return []
  const ids = left.map(({ id }) => id).toSorted((a, b) => a - b)
  const message = `controllers that are no brokers are left as they are: ${ids.join(', ')}`
  return [
    {
      code: 'CONTROLLERS_LEFT',
      severity: 'info',
      subject: 'cluster',
      message,
      nextSteps: ['--controllers last'],
    },
  ]
}
