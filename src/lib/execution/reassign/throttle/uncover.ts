import type { ConfigChange } from '../../../ports/cluster-writer.js'
import type { Move } from '../moves.js'
import { listsFor, parseEntries } from './entries.js'
import { isTheirs, throttleId, type HeldThrottle } from './held.js'

/** One value to be given back, with the entries that then are ours no longer. */
export interface Uncover {
  readonly throttle: HeldThrottle
  readonly entries: readonly string[]
  /** Null: the value is not what we set, so it is somebody else's now and stays. */
  readonly change: ConfigChange | null
}

/** Entries of one list that are not needed any more. */
export interface IdleList extends HeldThrottle {
  /** Others of ours are needed, and stay in the list. */
  readonly staysHeld: boolean
}

/** List entries that are held but no longer needed, now that only these moves are under way. */
export function idleLists(
  underWay: readonly Move[],
  held: ReadonlyMap<string, HeldThrottle>,
): readonly IdleList[] {
  const needed = new Map(
    listsFor(underWay).map(({ topic, key, entries }) => [
      throttleId({ type: 'topic', name: topic }, key),
      new Set(entries),
    ]),
  )
  return [...held]
    .filter(([, { resource }]) => resource.type === 'topic')
    .map(([id, throttle]) => {
      const entries = throttle.entries.filter((entry) => needed.get(id)?.has(entry) !== true)
      return { ...throttle, entries, staysHeld: entries.length < throttle.entries.length }
    })
    .filter(({ entries }) => entries.length > 0)
}

/**
 * Takes our entries out of a list. Where nothing stood before and nothing else stands now, the key goes altogether: a
 * subtraction would leave an empty value behind; never while entries of ours are to stay, of which this broker may not have
 * heard yet. A value that cannot be seen may only not be visible yet (brokers learn
 * of configs a little later), so it is taken out as well; where there is none, that changes nothing. What this process
 * `gaveBack` before is nobody else's: a broker behind may still show it.
 */
export function uncoverList(
  throttle: HeldThrottle & Partial<Pick<IdleList, 'staysHeld'>>,
  current: string | null,
  gaveBack: (entry: string) => boolean = () => false,
): Uncover {
  const { resource, key, before, entries } = throttle
  const ours = new Set(entries)
  const others = parseEntries(current).filter((entry) => !ours.has(entry) && !gaveBack(entry))
  const change: ConfigChange =
    others.length === 0 && before === null && throttle.staysHeld !== true
      ? { resource, name: key, op: 'delete' }
      : { resource, name: key, op: 'subtract', value: entries.join(',') }
  return { throttle, entries, change }
}

/** Restores a rate, unless somebody else has changed it since: then it is theirs. */
export function uncoverRate(throttle: HeldThrottle, current: string | null): Uncover {
  const { resource, key, before, entries } = throttle
  if (isTheirs(throttle, current)) return { throttle, entries, change: null }
  const change: ConfigChange =
    before === null
      ? { resource, name: key, op: 'delete' }
      : { resource, name: key, op: 'set', value: before }
  return { throttle, entries, change }
}
