import type { ClusterReader } from '../../../ports/cluster-reader.js'
import type { ReleaseRecord } from '../../../ports/journal.js'
import type { Move } from '../moves.js'
import type { ThrottleBook } from './book.js'
import { brokersOf, parseEntries } from './entries.js'
import { throttleId, type HeldThrottle } from './held.js'
import { payableDebts } from './payable.js'
import { isGoneCode, readValues, resourceId } from './read-values.js'
import { LOST, type ThrottleSetter } from './setter.js'
import { idleLists, uncoverList, uncoverRate, type Uncover } from './uncover.js'

type Release = Omit<ReleaseRecord, 'at'>

/** What a releaser works with. */
export interface ReleaserPorts {
  readonly reader: Pick<ClusterReader, 'readConfigs'>
  /** Something that an operator should know and that does not stop the work. */
  readonly warn: (text: string) => void
}

/** Gives back what a book says is held: lists before rates, on live brokers only; what cannot be given back is owed. */
export class ThrottleReleaser {
  readonly #ports: ReleaserPorts
  readonly #book: ThrottleBook
  readonly #setter: ThrottleSetter
  readonly #released: HeldThrottle[] = []
  /** The same by throttle id: brokers may still show it. */
  readonly #releasedEntries = new Map<string, Set<string>>()

  constructor(ports: ReleaserPorts, book: ThrottleBook, setter: ThrottleSetter) {
    this.#ports = ports
    this.#book = book
    this.#setter = setter
  }

  /** Whether this process has given an entry back. */
  wasReleased(id: string, entry: string): boolean {
    return this.#releasedEntries.get(id)?.has(entry) === true
  }

  /** Gives back the list entries that the moves under way no longer need. */
  async narrow(underWay: readonly Move[]): Promise<void> {
    const idle = idleLists(underWay, this.#book.holdings.held)
    if (idle.length > 0) await this.#readAndGiveBack(idle, this.#uncoverList, 'later')
  }

  /** Gives everything back but what moves need that go on in the cluster without us. */
  async release(liveBrokers: ReadonlySet<number>, goingOn: readonly Move[]): Promise<void> {
    await this.narrow(goingOn)
    const { held } = this.#book.holdings
    const lists = idleLists(goingOn, held)
    if (lists.length > 0) await this.#readAndGiveBack(lists, this.#uncoverList, 'debt')
    const busy = new Set(brokersOf(goingOn).map(String))
    const rates = [...held.values()].filter(
      ({ resource: { type, name } }) => type === 'broker' && !busy.has(name),
    )
    const isLive = ({ resource }: HeldThrottle): boolean => liveBrokers.has(Number(resource.name))
    const dead = rates.filter((throttle) => !isLive(throttle))
    await this.#readAndGiveBack(rates.filter(isLive), uncoverRate, 'debt')
    const owed = dead.map((throttle) => releaseOf(throttle, 'debt', 'the broker is down'))
    await this.#book.write(owed)
    await this.payDebts(liveBrokers, goingOn)
  }

  /** Gives back what earlier runs could not, where the broker is alive again, but for what moves need that go on. */
  async payDebts(liveBrokers: ReadonlySet<number>, goingOn: readonly Move[]): Promise<void> {
    const { lists, rates } = payableDebts(this.#book.holdings, liveBrokers, goingOn)
    await this.#readAndGiveBack(lists, this.#uncoverList, 'debt')
    await this.#readAndGiveBack(rates, uncoverRate, 'debt')
  }

  readonly #uncoverList = (list: HeldThrottle, current: string | null): Uncover => {
    const id = throttleId(list.resource, list.key)
    return uncoverList(list, current, (entry) => this.wasReleased(id, entry))
  }

  /** Writes down that all that is held is owed; nothing is asked of the cluster. */
  async owe(why: string): Promise<void> {
    const held = [...this.#book.holdings.held.values()]
    await this.#book.write(held.map((throttle) => releaseOf(throttle, 'debt', why)))
  }

  /** What was given back and can still be seen, `key of resource`: brokers learn of it a little later. */
  async stillVisible(): Promise<readonly string[]> {
    const resources = this.#released.map(({ resource }) => resource)
    const { current } = await readValues(this.#ports.reader, resources)
    const { held } = this.#book.holdings
    const isVisible = ({ resource, key, entries }: HeldThrottle): boolean => {
      const id = throttleId(resource, key)
      const standing = new Set(parseEntries(current.get(id) ?? null))
      return !held.has(id) && entries.some((entry) => standing.has(entry))
    }
    const visible = this.#released.filter(isVisible)
    return [
      ...new Set(visible.map(({ resource, key }) => `${key} of ${resource.type} ${resource.name}`)),
    ]
  }

  /** `failing`: what cannot be given back now stays ours to be given back later, or becomes a debt. */
  async #readAndGiveBack<T extends HeldThrottle>(
    throttles: readonly T[],
    uncover: (throttle: T, current: string | null) => Uncover,
    failing: 'later' | 'debt',
  ): Promise<void> {
    const resources = throttles.map(({ resource }) => resource)
    const { current, unread } = await readValues(this.#ports.reader, resources)
    const unreadable: Release[] = []
    const readable: Uncover[] = []
    for (const throttle of throttles) {
      const { resource, key } = throttle
      const failure = unread.get(resourceId(resource))
      if (failure === undefined) {
        readable.push(uncover(throttle, current.get(throttleId(resource, key)) ?? null))
      } else {
        const outcome = isGoneCode(failure.code) ? 'gone' : 'debt'
        unreadable.push(releaseOf(throttle, outcome, failure.message))
      }
    }
    const records = [...unreadable, ...(await this.#giveBack(readable))]
    const isFailure = ({ outcome }: Release): boolean => outcome === 'debt'
    const settled = failing === 'debt' ? records : records.filter((record) => !isFailure(record))
    for (const { resource, key, entries, message } of settled.filter(isFailure)) {
      const subject = `${key}=${entries} of ${resource.type} ${resource.name}`
      this.#ports.warn(`${subject} could not be given back: ${message ?? ''}`)
    }
    await this.#book.write(settled)
    for (const record of settled.filter((one) => !isFailure(one))) this.#noteReleased(record)
  }

  async #giveBack(uncovers: readonly Uncover[]): Promise<readonly Release[]> {
    const changes = uncovers.map(({ change }) => change).filter((change) => change !== null)
    const outcomes = await this.#setter.send(changes)
    return uncovers.map(({ throttle, entries, change }) => {
      const released = { ...throttle, entries }
      if (change === null) return releaseOf(released, 'gone')
      const outcome = outcomes.get(resourceId(throttle.resource)) ?? LOST
      if (outcome.status === 'ok') return releaseOf(released, 'cleared')
      const isGone = outcome.status === 'refused' && isGoneCode(outcome.code)
      return releaseOf(released, isGone ? 'gone' : 'debt', outcome.message)
    })
  }

  #noteReleased({ resource, key, entries }: Release): void {
    const given = parseEntries(entries)
    this.#released.push({ resource, key, before: null, entries: given })
    const id = throttleId(resource, key)
    const all = this.#releasedEntries.get(id) ?? new Set()
    this.#releasedEntries.set(id, all)
    for (const entry of given) all.add(entry)
  }
}

function releaseOf(
  { resource, key, entries }: HeldThrottle,
  outcome: ReleaseRecord['outcome'],
  message?: string,
): Release {
  const record = { type: 'release', resource, key, entries: entries.join(','), outcome } as const
  return message === undefined ? record : { ...record, message }
}
