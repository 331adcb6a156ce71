/** Operations of Kafka's access control, by its own names in capitals (KIP-430). */
export const OPERATIONS = [
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
] as const

/** One of Kafka's operations. */
export type Operation = (typeof OPERATIONS)[number]

/**
 * What our principal may do, as Kafka itself says it when asked to describe something; nothing is tried. Null where it does
 * not tell: an old broker, an answer with an error.
 */
export interface AccessFacts {
  /** Empty also where DESCRIBE itself is missing: then the rest is not told. */
  readonly cluster: ReadonlySet<Operation> | null
  /** Topics that are shown to us, and no others. */
  readonly topics: ReadonlyMap<string, ReadonlySet<Operation> | null>
  /** Groups that were asked for; one that may not be described has an empty set. */
  readonly groups: ReadonlyMap<string, ReadonlySet<Operation> | null>
  /** Topics that were asked for by name; one that may not be described has an empty set, one that is not there is absent. */
  readonly named: ReadonlyMap<string, ReadonlySet<Operation> | null>
}
