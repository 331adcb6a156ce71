/** Where a document stands: its kind, and what it is about. */
export type StateSubject =
  | { readonly kind: 'cluster-maintenance' }
  | { readonly kind: 'replacement' }
  | { readonly kind: 'broker-maintenance'; readonly broker: number }
  | { readonly kind: 'cooldown' | 'first-seen' | 'alert'; readonly name: string }

const CLUSTER = 'maintenance/cluster'
const BROKER = 'maintenance/broker/'

/** Key of the maintenance of a broker, or of the whole cluster. */
export const maintenanceKey = (broker: number | null): string =>
  broker === null ? CLUSTER : `${BROKER}${broker}`

/** Key of the replacement of a broker that is under way. */
export const REPLACEMENT_KEY = 'replacement'

/** Key of a cooldown: `broker-replace`. */
export const cooldownKey = (name: string): string => `cooldown/${name}`

/** Key of a first-seen time: `broker/4/away`. */
export const firstSeenKey = (name: string): string => `first-seen/${name}`

/** Key of an alert; together with the cluster, kind and subject tell one alert from another. */
export const alertKey = (kind: string, subject: string): string => `alert/${kind}/${subject}`

/** What a key is about; null for a key of a kind that this version does not know. */
export function subjectOf(key: string): StateSubject | null {
  if (key === CLUSTER) return { kind: 'cluster-maintenance' }
  if (key === REPLACEMENT_KEY) return { kind: 'replacement' }
  if (key.startsWith(BROKER)) {
    const id = key.slice(BROKER.length)
    return /^\d{1,9}$/.test(id) ? { kind: 'broker-maintenance', broker: Number(id) } : null
  }
  const slash = key.indexOf('/')
  const name = key.slice(slash + 1)
  const kind = (['cooldown', 'first-seen', 'alert'] as const).find(
    (known) => known === key.slice(0, Math.max(0, slash)),
  )
  return kind === undefined || name === '' ? null : { kind, name }
}
