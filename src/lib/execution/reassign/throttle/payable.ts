import type { Move } from '../moves.js'
import { brokersOf, parseEntries } from './entries.js'
import type { HeldThrottle, Holdings } from './held.js'
import { idleLists, type IdleList } from './uncover.js'

/** What is owed and can be given back now, lists apart from rates. */
export interface Payable {
  readonly lists: readonly IdleList[]
  readonly rates: readonly HeldThrottle[]
}

/** Debts whose topic or live broker takes them back; what moves need that go on in the cluster stays owed. */
export function payableDebts(
  { held, debts }: Pick<Holdings, 'held' | 'debts'>,
  liveBrokers: ReadonlySet<number>,
  goingOn: readonly Move[],
): Payable {
  const owed = new Map(
    [...debts].map(([id, { value, ...debt }]) => [id, { ...debt, entries: parseEntries(value) }]),
  )
  const heldKeys = new Set([...held.values()].map(({ resource, key }) => `${resource.name} ${key}`))
  const busy = new Set(brokersOf(goingOn))
  return {
    lists: idleLists(goingOn, owed).map((list) => ({
      ...list,
      staysHeld: list.staysHeld || heldKeys.has(`${list.resource.name} ${list.key}`),
    })),
    rates: [...owed.values()].filter(({ resource: { type, name } }) => {
      const broker = Number(name)
      return type === 'broker' && liveBrokers.has(broker) && !busy.has(broker)
    }),
  }
}
