import type { ThrottleEntry, UnreadPart } from '../model/snapshot.js'
import type {
  ConfigResource,
  ConfigSource,
  ConfigValue,
  ResourceConfigs,
} from '../ports/cluster-reader.js'

const MIN_ISR = 'min.insync.replicas'
const TOPIC_THROTTLES = [
  'leader.replication.throttled.replicas',
  'follower.replication.throttled.replicas',
] as const

/** Topic configs that a snapshot needs: the effective min ISR (broker defaults included) and throttle lists. */
export const TOPIC_KEYS: readonly string[] = [MIN_ISR, ...TOPIC_THROTTLES]

/** Broker configs that a snapshot needs: the rates of replication throttles (KIP-73, KIP-113). */
export const BROKER_KEYS: readonly string[] = [
  'leader.replication.throttled.rate',
  'follower.replication.throttled.rate',
  'replica.alter.log.dirs.io.max.bytes.per.second',
]

const OWN_SOURCE: ReadonlySet<ConfigSource> = new Set(['DYNAMIC_TOPIC', 'DYNAMIC_BROKER'])

/** What the configs say, and which of them could not be read. */
export interface ConfigView {
  readonly minInsyncReplicas: ReadonlyMap<string, number>
  readonly throttles: readonly ThrottleEntry[]
  readonly unread: readonly UnreadPart[]
}

/** Takes min ISR and throttles out of config answers; values that a resource merely inherits are not its throttles. */
export function interpretConfigs(answers: readonly ResourceConfigs[]): ConfigView {
  const minInsyncReplicas = new Map<string, number>()
  const throttles: ThrottleEntry[] = []
  for (const { resource, values } of answers) {
    for (const value of values) {
      if (resource.type === 'topic' && value.name === MIN_ISR) {
        if (value.value !== null) minInsyncReplicas.set(resource.name, Number(value.value))
      } else if (isThrottle(resource, value)) {
        throttles.push({ ...keyOf(resource), key: value.name, value: value.value ?? '' })
      }
    }
  }
  return {
    minInsyncReplicas,
    throttles: throttles.sort(byResource),
    unread: unreadConfigs(answers),
  }
}

const keyOf = (resource: ConfigResource): Pick<ThrottleEntry, 'resource' | 'name'> => ({
  resource: resource.type,
  name: resource.name,
})

function isThrottle(resource: ConfigResource, value: ConfigValue): boolean {
  if ((value.value ?? '') === '') return false
  const keys: readonly string[] = resource.type === 'topic' ? TOPIC_THROTTLES : BROKER_KEYS
  if (!keys.includes(value.name)) return false
  const isClusterDefault = resource.type === 'broker' && resource.name === ''
  return isClusterDefault ? value.source === 'DYNAMIC_DEFAULT_BROKER' : OWN_SOURCE.has(value.source)
}

/** Failures grouped by kind and code: a thousand topics that are denied are one part, not a thousand. */
function unreadConfigs(answers: readonly ResourceConfigs[]): readonly UnreadPart[] {
  const groups = new Map<string, { readonly first: ResourceConfigs; count: number }>()
  for (const answer of answers) {
    if (answer.error === undefined) continue
    const perBroker = answer.resource.type === 'broker' ? answer.resource.name : ''
    const key = `${answer.resource.type} ${perBroker} ${answer.error.code}`
    const group = groups.get(key) ?? { first: answer, count: 0 }
    group.count += 1
    groups.set(key, group)
  }
  return [...groups.values()].map(({ first, count }) => {
    const { type, name } = first.resource
    const named = name === '' ? 'the cluster-wide broker defaults' : `${type} ${name}`
    return {
      part: type === 'topic' ? 'topic configs' : 'broker configs',
      subject: count === 1 ? named : `${named} and ${count - 1} more`,
      code: first.error?.code ?? 'UNKNOWN',
      message: first.error?.message ?? 'no reason given',
    }
  })
}

function byResource(a: ThrottleEntry, b: ThrottleEntry): number {
  return compare(a.resource, b.resource) || compareNames(a, b) || compare(a.key, b.key)
}

const compareNames = (a: ThrottleEntry, b: ThrottleEntry): number =>
  a.resource === 'broker'
    ? Number(a.name) - Number(b.name) || compare(a.name, b.name)
    : compare(a.name, b.name)

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
