import type { Snapshot } from '../../model/snapshot.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Finding } from '../../plan/plan.js'
import type { StopRisk } from './min-isr.js'
import { predictStop } from './min-isr.js'
import type { RollPolicy } from './roll-policy.js'

const NAMED = 5

function nameSome(names: readonly string[]): string {
  const rest = names.length - NAMED
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function blocker(
  code: string,
  subject: string,
  message: string,
  nextSteps: readonly string[],
): Finding {
  return { code, severity: 'blocker', subject, message, nextSteps }
}

function findMissing(snapshot: Snapshot): readonly Finding[] {
  return snapshot.brokers
    .filter((broker) => broker.state === 'dead')
    .map((broker) =>
      blocker(
        'BROKER_MISSING',
        `broker ${broker.id}`,
        `broker ${broker.id} is not there, so no other may stop`,
        ['klinic cluster check', 'klinic heal plan'],
      ),
    )
}

function findReassignments(snapshot: Snapshot, policy: RollPolicy): readonly Finding[] {
  if (policy.allowReassignments) return []
  const moving = snapshot.topics.flatMap((topic) =>
    topic.partitions
      .filter(
        (partition) => (partition.adding?.length ?? 0) + (partition.removing?.length ?? 0) > 0,
      )
      .map((partition) => topicPartitionKey(topic.name, partition.id)),
  )
  if (moving.length === 0) return []
  return [
    blocker(
      'REASSIGNMENT_IN_FLIGHT',
      'cluster',
      `partitions are being reassigned: ${nameSome(moving)}`,
      ['klinic reassign status', 'wait for it to end, or pass --allow-reassignments'],
    ),
  ]
}

/** The gate waits for ever while these stand, so the plan says it before anything is begun. */
function findThrottles(snapshot: Snapshot): readonly Finding[] {
  const topics = (snapshot.throttles ?? [])
    .filter((entry) => entry.resource === 'topic' && entry.value !== '')
    .map((entry) => entry.name)
  if (topics.length === 0) return []
  const names = nameSome([...new Set(topics)].toSorted())
  const message = `replication throttles are left on ${names}: a restarted follower would need minutes instead of seconds`
  return [blocker('THROTTLE_LEFT', 'cluster', message, ['klinic reassign cleanup'])]
}

/** A min ISR that nobody told is not 1: what a stop takes from such a topic cannot be foretold. */
function findUnknownMinIsr(
  { topics, unread = [] }: Snapshot,
  policy: RollPolicy,
): readonly Finding[] {
  const names = topics
    .filter(({ minInsyncReplicas }) => minInsyncReplicas === undefined)
    .map(({ name }) => name)
    .filter((name) => policy.allowBelowMinIsr?.test(name) !== true)
  if (names.length === 0) return []
  const codes = unread.filter(({ part }) => part === 'topic configs').map(({ code }) => code)
  const why = codes.length === 0 ? '' : ` (${[...new Set(codes)].join(', ')})`
  const message = `min.insync.replicas of ${nameSome(names)} is not known${why}: what a stop takes from them cannot be foretold`
  const next = ['klinic access check --for roll', '--allow-below-min-isr TOPIC_REGEX']
  return [blocker('MIN_ISR_UNKNOWN', 'cluster', message, next)]
}

const TEXTS = {
  UNHEALTHY: ['LEADERLESS', 'has no leader', 'klinic cluster check'],
  OFFLINE: [
    'WOULD_GO_OFFLINE',
    'would go offline: no other replica is in sync',
    '--allow-offline TOPIC_REGEX',
  ],
  UNSAFE: [
    'BELOW_MIN_ISR',
    'would fall below min.insync.replicas',
    'wait until its replicas are in sync again',
  ],
  UNAVOIDABLE: [
    'REPLICATION_NOT_ABOVE_MIN_ISR',
    'cannot stay writable: its replication factor is not above min.insync.replicas',
    '--allow-below-min-isr TOPIC_REGEX',
  ],
  THIN: [
    'BELOW_MARGIN',
    'would have fewer in-sync replicas than the margin asks for',
    '--isr-margin 0',
  ],
} as const satisfies Record<StopRisk['verdict'], readonly [string, string, string]>

function isAllowed(risk: StopRisk, policy: RollPolicy): boolean {
  switch (risk.verdict) {
    case 'OFFLINE':
      return policy.allowOffline?.test(risk.topic) ?? false
    case 'UNAVOIDABLE':
      return (
        policy.allowBelowMinIsr?.test(risk.topic) ?? policy.allowOffline?.test(risk.topic) ?? false
      )
    case 'UNHEALTHY':
    case 'UNSAFE':
    case 'THIN':
      return false
  }
}

/** Splits what a stop of these brokers would hurt into what the policy accepts and what stands in the way. */
export function judgeStop(
  snapshot: Snapshot,
  brokers: ReadonlySet<number>,
  policy: RollPolicy,
): { readonly accepted: readonly StopRisk[]; readonly refused: readonly StopRisk[] } {
  const risks = predictStop(snapshot, brokers, policy.isrMargin)
  return {
    accepted: risks.filter((risk) => isAllowed(risk, policy)),
    refused: risks.filter((risk) => !isAllowed(risk, policy)),
  }
}

/** One finding for each kind of refusal, naming partitions and the flag or wait that lifts it. */
export function explainRisks(risks: readonly StopRisk[], subject: string): readonly Finding[] {
  const kinds = ['UNHEALTHY', 'OFFLINE', 'UNSAFE', 'UNAVOIDABLE', 'THIN'] as const
  return kinds.flatMap((kind) => {
    const names = risks
      .filter((risk) => risk.verdict === kind)
      .map(
        (risk) =>
          `${topicPartitionKey(risk.topic, risk.partition)} (ISR ${risk.isr.join(',')}, min ISR ${risk.minIsr})`,
      )
    const [code, text, next] = TEXTS[kind]
    return names.length === 0 ? [] : [blocker(code, subject, `${nameSome(names)} ${text}`, [next])]
  })
}

/** Everything that keeps a rolling restart of these brokers from starting. */
export function findRollBlockers(
  snapshot: Snapshot,
  targets: readonly number[],
  policy: RollPolicy,
): readonly Finding[] {
  const perBroker = targets.flatMap((id) =>
    judgeStop(snapshot, new Set([id]), policy).refused.map((risk) => ({ id, risk })),
  )
  const unique = new Map(
    perBroker.map(({ id, risk }) => [
      `${risk.topic}-${risk.partition}-${risk.verdict}-${risk.verdict === 'UNHEALTHY' ? '' : id}`,
      { id, risk },
    ]),
  )
  const byBroker = new Map<string, StopRisk[]>()
  for (const { id, risk } of unique.values()) {
    const subject = risk.verdict === 'UNHEALTHY' ? 'cluster' : `broker ${id}`
    byBroker.set(subject, [...(byBroker.get(subject) ?? []), risk])
  }
  return [
    ...findMissing(snapshot),
    ...findReassignments(snapshot, policy),
    ...findThrottles(snapshot),
    ...findUnknownMinIsr(snapshot, policy),
    ...[...byBroker].flatMap(([subject, risks]) => explainRisks(risks, subject)),
  ]
}
