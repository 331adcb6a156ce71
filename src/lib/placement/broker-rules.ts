import { FINE, refused, type PlacementRule } from './placement-rule.js'

/** Brokers that are dead, or that no snapshot names, get nothing. */
export const alive: PlacementRule = {
  code: 'NOT_ALIVE',
  check: ({ to }, { brokers }) =>
    (brokers.get(to)?.state ?? 'dead') === 'dead'
      ? refused('NOT_ALIVE', `broker ${to} is not alive`)
      : FINE,
}

/** Brokers that are draining, or in maintenance, keep what they have and get nothing. */
export const notDraining: PlacementRule = {
  code: 'DRAINING',
  check: ({ to }, { brokers }) =>
    brokers.get(to)?.state === 'draining'
      ? refused('DRAINING', `broker ${to} is draining`, 'klinic maintenance stop')
      : FINE,
}

/** One replica a broker. */
export const notHeldAlready: PlacementRule = {
  code: 'HOLDS_REPLICA',
  check: ({ to, replicas, topic, partition }) =>
    replicas.includes(to)
      ? refused('HOLDS_REPLICA', `broker ${to} holds a replica of ${topic}-${partition} already`)
      : FINE,
}

/** Brokers left out by the operator. */
export const notExcluded: PlacementRule = {
  code: 'EXCLUDED_BROKER',
  check: ({ to }, { excludedBrokers }) =>
    excludedBrokers.has(to)
      ? refused('EXCLUDED_BROKER', `broker ${to} is excluded`, '--exclude-brokers')
      : FINE,
}

/** Only the brokers that the operator named, where some were. */
export const amongTargets: PlacementRule = {
  code: 'NOT_A_TARGET',
  check: ({ to }, { onlyTo }) =>
    onlyTo.size > 0 && !onlyTo.has(to)
      ? refused('NOT_A_TARGET', `broker ${to} is not among the targets`, '--only-to')
      : FINE,
}

/** Topics left out by the operator. */
export const topicIncluded: PlacementRule = {
  code: 'EXCLUDED_TOPIC',
  check: ({ topic }, context) =>
    context.isExcludedTopic(topic)
      ? refused('EXCLUDED_TOPIC', `topic ${topic} is excluded`, '--exclude-topics')
      : FINE,
}

/** Partitions being reassigned are left alone. */
export const notInFlight: PlacementRule = {
  code: 'IN_FLIGHT',
  check: ({ topic, partition }, context) =>
    context.isInFlight(topic, partition)
      ? refused('IN_FLIGHT', `${topic}-${partition} is being reassigned`)
      : FINE,
}
