import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Finding } from '../../plan/plan.js'
import type { Dense } from '../search/dense.js'
import type { SearchState } from '../search/state.js'
import { formatAmount } from './amounts.js'
import type { Bounds } from './bounds.js'
import type { Miss } from './judge-outcome.js'

const FLAG_OF: Readonly<Record<string, string>> = {
  in: '--in-limit',
  out: '--out-limit',
  disk: '--disk-limit',
}

function nextSteps(name: string): readonly string[] {
  return [
    'add --allow-partial for the best plan that there is',
    `raise --limit or ${FLAG_OF[name] ?? '--band'} if the brokers can carry more`,
  ]
}

/** More load than all brokers together may take: names demand, what is allowed, and how many brokers are missing. */
function tooMuchDemand(dense: Dense, bounds: Bounds): Finding | null {
  const { fair, allowed, resource } = bounds
  const demand = fair.reduce((sum, share) => sum + share, 0)
  const alive = dense.brokers.flatMap((broker, b) =>
    broker.state === 'alive' ? [allowed[b] ?? Infinity] : [],
  )
  const total = alive.reduce((sum, most) => sum + most, 0)
  if (demand <= total || alive.length === 0) return null
  const typical = [...alive].sort((a, b) => a - b)[Math.floor(alive.length / 2)] ?? 0
  const missing = typical > 0 ? Math.ceil((demand - total) / typical) : 0
  const { name } = resource
  return {
    code: 'TOO_MUCH_LOAD',
    severity: 'blocker',
    subject: `${name} of the cluster`,
    message:
      `${name} needs ${formatAmount(name, demand)}, but ${alive.length} live brokers may take ` +
      `${formatAmount(name, total)}; ${missing} more of ${formatAmount(name, typical)} each would be needed`,
    nextSteps: [`add ${missing} brokers and plan again with --only-to`, ...nextSteps(name)],
  }
}

/** The largest partition that an overloaded broker carries after the search; -1 without any. */
function largestOn(dense: Dense, state: SearchState, miss: Miss): number {
  const { led, weight } = miss.bounds.resource
  const b = dense.brokerIndex.get(miss.broker) ?? -1
  let largest = -1
  for (const [p, add] of weight.entries()) {
    if (add <= (weight[largest] ?? 0)) continue
    const begin = dense.offset[p] ?? 0
    const carries = led
      ? state.leader[p] === b
      : state.replicas.subarray(begin, dense.offset[p + 1] ?? begin).includes(b)
    if (carries) largest = p
  }
  return largest
}

/** The largest partition on an overloaded broker, when it alone is more than any broker may take. */
function tooLargePartition(dense: Dense, state: SearchState, miss: Miss): Finding | null {
  const { resource, allowed } = miss.bounds
  const largest = largestOn(dense, state, miss)
  const add = resource.weight[largest] ?? 0
  const most = dense.brokers.reduce(
    (best, broker, at) => (broker.state === 'alive' ? Math.max(best, allowed[at] ?? 0) : best),
    0,
  )
  if (largest < 0 || add <= most) return null
  const { name } = resource
  const topic = dense.topics[dense.topicOf[largest] ?? 0]?.name ?? ''
  const key = topicPartitionKey(topic, dense.source[largest]?.id ?? 0)
  return {
    code: 'PARTITION_TOO_LARGE',
    severity: 'blocker',
    subject: key,
    message:
      `${key} alone brings ${name} ${formatAmount(name, add)} to broker ${miss.broker}; ` +
      `no broker may take more than ${formatAmount(name, most)}`,
    nextSteps: ['split its load over more partitions: no reassignment can', ...nextSteps(name)],
  }
}

function stillOver(miss: Miss): Finding {
  const { name } = miss.bounds.resource
  return {
    code: 'LIMIT_NOT_REACHED',
    severity: 'blocker',
    subject: `broker ${miss.broker}`,
    message:
      `broker ${miss.broker} cannot be brought under its ${name} limit of ` +
      `${formatAmount(name, miss.wanted)}: the best plan found leaves ${formatAmount(name, miss.load)}`,
    nextSteps: [
      'see klinic balance plan --explain TOPIC-PARTITION for the rules in the way',
      ...nextSteps(name),
    ],
  }
}

/** Why limits cannot be kept, one finding a cause: total demand, single partitions, else the broker itself. */
export function explainInfeasible(
  dense: Dense,
  state: SearchState,
  misses: readonly Miss[],
): readonly Finding[] {
  const over = misses.filter((miss) => miss.kind === 'over-limit')
  const demand = [...new Set(over.map((miss) => miss.bounds))].flatMap((bounds) => {
    const found = tooMuchDemand(dense, bounds)
    return found === null ? [] : [{ bounds, found }]
  })
  const explained = new Set(demand.map((entry) => entry.bounds))
  const single = over.map(
    (miss) =>
      tooLargePartition(dense, state, miss) ??
      (explained.has(miss.bounds) ? null : stillOver(miss)),
  )
  return [...demand.map((entry) => entry.found), ...single.filter((found) => found !== null)]
}
