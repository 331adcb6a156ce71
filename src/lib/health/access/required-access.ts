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

/** Names of what is ours on the cluster, where they are used. */
export interface OwnNames {
  readonly statsTopic: string
  /** Null where no actions are recorded on the cluster. */
  readonly actionsTopic: string | null
  readonly stateTopic: string
  readonly lockGroup: string
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

function ownTopics(
  purpose: Purpose,
  { statsTopic, actionsTopic, stateTopic, lockGroup }: OwnNames,
): readonly Requirement[] {
  const topic = (name: string, operation: Operation, why: string): Requirement => ({
    ...{ scope: 'topic', name, operation, why },
    optional: true,
  })
  const reading = [
    topic(statsTopic, 'READ', 'measured traffic'),
    topic(stateTopic, 'READ', 'maintenance and cooldowns'),
  ]
  if (purpose === 'plan') return reading
  return [
    ...reading,
    topic(stateTopic, 'WRITE', 'maintenance and cooldowns'),
    ...(actionsTopic === null ? [] : [topic(actionsTopic, 'WRITE', 'the log of actions')]),
    {
      ...{ scope: 'group', name: lockGroup, operation: 'READ' },
      why: 'the lock between hosts',
      optional: true,
    },
  ]
}

/** Every right that a purpose takes, the most important first. */
export function requiredAccess(purpose: Purpose, own: OwnNames): readonly Requirement[] {
  const working = purpose === 'execute' ? EXECUTING : purpose === 'roll' ? ROLLING : []
  return [...READING, ...working, ...ownTopics(purpose, own)]
}
