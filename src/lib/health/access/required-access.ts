import type { Operation } from './access-facts.js'

/** What the rights are needed for: reading and planning, carrying plans out, restarting brokers. */
export const PURPOSES = ['plan', 'execute', 'roll'] as const

/** One of {@link PURPOSES}. */
export type Purpose = (typeof PURPOSES)[number]

/** Where a right is held: on the cluster, on every topic, on every group, or on one topic or group of ours. */
export type AccessScope = 'cluster' | 'every topic' | 'every group' | 'topic' | 'group'

/** One right that a purpose takes (measured against Kafka's authorizer, one at a time). */
export interface Requirement {
  readonly scope: AccessScope
  /** Of a topic or group of ours. */
  readonly name?: string
  readonly operation: Operation
  readonly why: string
  /** The work goes on without it, only worse. */
  readonly optional?: true
}

/** Names of what is ours, where it is used; null where it is not kept in Kafka. */
export interface OwnNames {
  readonly statsTopic: string
  /** Null where no actions are recorded on the cluster. */
  readonly actionsTopic: string | null
  /** Null where ZooKeeper keeps the state. */
  readonly stateTopic: string | null
  /** Null where the lock is in ZooKeeper. */
  readonly lockGroup: string | null
}

const READING: readonly Requirement[] = [
  {
    scope: 'cluster',
    operation: 'DESCRIBE',
    why: 'reassignments in flight, log directories, quorum; without it a partial view cannot be told from a whole one',
  },
  {
    scope: 'cluster',
    operation: 'DESCRIBE_CONFIGS',
    why: 'throttles and settings of brokers',
  },
  {
    scope: 'every topic',
    operation: 'DESCRIBE',
    why: 'topics without it are left out of every answer, without an error',
  },
  {
    scope: 'every topic',
    operation: 'DESCRIBE_CONFIGS',
    why: 'min.insync.replicas and throttles of topics',
  },
  {
    scope: 'every group',
    operation: 'DESCRIBE',
    why: 'committed offsets, from which traffic to consumers is measured',
    optional: true,
  },
]

const EXECUTING: readonly Requirement[] = [
  { scope: 'cluster', operation: 'ALTER', why: 'moving partitions and electing leaders' },
  {
    scope: 'cluster',
    operation: 'ALTER_CONFIGS',
    why: 'the throttle on brokers (not with --throttle none)',
  },
  {
    scope: 'every topic',
    operation: 'ALTER_CONFIGS',
    why: 'the throttle lists of topics (not with --throttle none)',
  },
]

const ROLLING: readonly Requirement[] = [
  {
    scope: 'cluster',
    operation: 'ALTER',
    why: 'giving leadership back after a restart',
    optional: true,
  },
]

const topic = (name: string | null, operation: Operation, why: string): readonly Requirement[] =>
  name === null ? [] : [{ scope: 'topic', name, operation, why }]

const optional = (requirements: readonly Requirement[]): readonly Requirement[] =>
  requirements.map((requirement) => ({ ...requirement, optional: true }))

/** Without these a writer refuses (exit 77). */
function coordinating({ stateTopic, lockGroup }: OwnNames): readonly Requirement[] {
  const why = 'the lock between hosts (unless --local-lock)'
  const group = { scope: 'group', name: lockGroup ?? '', why } as const
  return [
    ...(lockGroup === null
      ? []
      : [{ ...group, operation: 'READ' } as const, { ...group, operation: 'DESCRIBE' } as const]),
    ...topic(stateTopic, 'READ', 'what is in maintenance (unless --ignore-maintenance)'),
  ]
}

function ownRights(purpose: Purpose, own: OwnNames): readonly Requirement[] {
  const { statsTopic, actionsTopic, stateTopic } = own
  const stats = optional(topic(statsTopic, 'READ', 'measured traffic'))
  if (purpose === 'plan') {
    return [...stats, ...optional(topic(stateTopic, 'READ', 'what is in maintenance'))]
  }
  return [
    ...coordinating(own),
    ...stats,
    ...optional([
      ...topic(stateTopic, 'WRITE', 'maintenance and cooldowns of our own'),
      ...topic(actionsTopic, 'READ', 'executions that other hosts began'),
      ...topic(actionsTopic, 'WRITE', 'the log of actions (with --require-audit not without it)'),
    ]),
  ]
}

/** Every right that a purpose takes, the most important first. */
export function requiredAccess(purpose: Purpose, own: OwnNames): readonly Requirement[] {
  const working = purpose === 'execute' ? EXECUTING : purpose === 'roll' ? ROLLING : []
  return [...READING, ...working, ...ownRights(purpose, own)]
}
