import type { ClusterReader, ConfigResource } from '../../../ports/cluster-reader.js'
import { THROTTLE_KEYS } from './entries.js'
import { dynamicValues } from './held.js'
import { unreadable, type UnreadResource } from './lease-errors.js'

/** Throttles as they stand. */
export interface ReadValues {
  /** By throttle id. */
  readonly current: ReadonlyMap<string, string | null>
  /** Resources that could not be read, by {@link resourceId}. */
  readonly unread: ReadonlyMap<string, UnreadResource>
}

const KEYS = Object.values(THROTTLE_KEYS)
const GONE = ['UNKNOWN_TOPIC_OR_PARTITION']

/** Whether an answer says that there is no such topic. */
export const isGoneCode = (code: string): boolean => GONE.includes(code)

/** Key of a topic or broker: `type name`. */
export const resourceId = ({ type, name }: ConfigResource): string => `${type} ${name}`

/** Reads the throttles of these topics and brokers, each once. */
export async function readValues(
  reader: Pick<ClusterReader, 'readConfigs'>,
  resources: readonly ConfigResource[],
): Promise<ReadValues> {
  if (resources.length === 0) return { current: new Map(), unread: new Map() }
  const unique = [...new Map(resources.map((r) => [resourceId(r), r])).values()]
  const configs = await reader.readConfigs(unique, KEYS)
  const unread = configs.flatMap(({ resource, error }) =>
    error === undefined ? [] : [[resourceId(resource), { resource, ...error }] as const],
  )
  return { current: dynamicValues(configs), unread: new Map(unread) }
}

/** The same of topics and live brokers: a dead one does not answer for its configs, and nobody else does. */
export function readReachable(
  reader: Pick<ClusterReader, 'readConfigs'>,
  resources: readonly ConfigResource[],
  liveBrokers: ReadonlySet<number>,
): Promise<ReadValues> {
  const isReachable = ({ type, name }: ConfigResource): boolean =>
    type === 'topic' || liveBrokers.has(Number(name))
  return readValues(reader, resources.filter(isReachable))
}

/**
 * Throws where moves could not be throttled although they are to be: their topics cannot be read, or may not be. A broker that
 * does not answer is only told of: it gets no rate for now.
 */
export function refuseUnread(
  { unread }: ReadValues,
  tellSilent: (broker: UnreadResource) => void,
): void {
  for (const one of unread.values()) {
    const isTopic = one.resource.type === 'topic'
    if (isTopic && isGoneCode(one.code)) continue
    if (isTopic || one.code.endsWith('AUTHORIZATION_FAILED')) throw unreadable(one)
    tellSilent(one)
  }
}
