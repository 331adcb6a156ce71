import type { ClusterReader, ConfigResource } from '../../../ports/cluster-reader.js'
import type { ClusterWriter } from '../../../ports/cluster-writer.js'
import type { ReleaseRecord, ThrottleRecord } from '../../../ports/journal.js'
import type { Move } from '../moves.js'
import { appliedId, planCover, planRates, resourcesOf, type CoverInput } from './cover.js'
import { brokersOf, markRate, parseEntries, THROTTLE_KEYS } from './entries.js'
import { account, throttleId, type HeldThrottle, type Holdings } from './held.js'
import { isRefusal, unreadable, type UnreadResource } from './lease-errors.js'
import { isGoneCode, readValues, resourceId } from './read-values.js'
import { RisingRates } from './rising-rates.js'
import { LOST, ThrottleSetter } from './setter.js'
import { idleLists, uncoverList, uncoverRate, type Uncover } from './uncover.js'

type Unstamped<T> = Omit<T, 'at'>

/** What a lease works with. `record` makes records durable before it resolves. */
export interface LeasePorts {
  readonly reader: Pick<ClusterReader, 'readConfigs'>
  readonly writer: Pick<ClusterWriter, 'alterConfigs'>
  readonly record: (
    records: readonly (Unstamped<ThrottleRecord> | Unstamped<ReleaseRecord>)[],
  ) => Promise<void>
  /** Something that an operator should know and that does not stop the work. */
  readonly warn: (text: string) => void
  readonly nowMs: () => number
  /** Its mark is in the last digits of each rate. */
  readonly executionId: string
}

/**
 * A follower that finds its quota used up looks again up to a second late, and of a sum over eleven seconds that is missing:
 * without more than is wanted, 87 to 97 % of it arrived, and never all.
 */
const SET_FOR_WANTED = 1.03

/**
 * The throttle of one execution, as a lease: what is ours is journalled with what it replaces before it is set, on live
 * brokers only; lists are narrowed as moves finish; everything is given back at the end, lists before rates, and what
 * others have set is never touched. What cannot be given back becomes a debt.
 */
export class ThrottleLease {
  #holdings: Holdings
  readonly #released: HeldThrottle[] = []
  /** What stood in lists before the first record of this process, by throttle id. */
  readonly #befores = new Map<string, string | null>()
  /** Brokers of which was said that they are not throttled. */
  readonly #unthrottled = new Set<string>()
  #saysUnchanged = false
  readonly #ports: LeasePorts
  readonly #setter: ThrottleSetter
  /** Bytes per second of brokers; null while nothing is throttled, and after a kill for giving back only. */
  readonly #rates: RisingRates | null

  constructor(ports: LeasePorts, holdings: Holdings, rate: number | null) {
    this.#ports = ports
    this.#setter = new ThrottleSetter(ports)
    this.#holdings = holdings
    this.#rates = rate === null ? null : new RisingRates(rate, ports.nowMs)
  }

  get holdings(): Holdings {
    return this.#holdings
  }

  /** Whether some broker has not come to its rate yet: {@link heed} is to be called about once a second then. */
  get isRising(): boolean {
    return this.#rates?.isRising === true
  }

  /** Puts the moves under the throttle; call before they are submitted. Throws when that is refused. */
  async cover(moves: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    const moving = moves.filter(({ adding }) => adding.length > 0)
    if (this.#rates === null || moving.length === 0) return
    const input = await this.#readCoverInput(moving, resourcesOf(moving), liveBrokers)
    const cover = planCover({ ...input, ratesOf: this.#marked(this.#rates) })
    await this.#journal(cover.records)
    await this.#setter.apply(cover.rates)
    await this.#setter.apply(cover.lists)
  }

  /** Another rate from now on; brokers come to it by {@link heed}. */
  aimAt(rate: number): void {
    this.#rates?.aimAt(rate)
  }

  /** Gives the brokers of what is under way the rates of this moment; one that somebody changed meanwhile stays theirs. */
  async heed(underWay: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    if (this.#rates === null) return
    const ratesOf = this.#marked(this.#rates)
    const ids = brokersOf(underWay).filter((id) => liveBrokers.has(id))
    if (ids.every((id) => this.#isSet(id, ratesOf(id)[0] ?? 0))) return
    const resources = ids.map((id) => ({ type: 'broker', name: String(id) }) as const)
    const input = await this.#readCoverInput(underWay, resources, liveBrokers)
    const { records, rates: changes } = planRates({ ...input, ratesOf })
    await this.#journal(records)
    await this.#setter.apply(changes).catch((error: unknown) => this.#heedUnchanged(error))
  }

  /** A rate that cannot be changed stays as it is, which throttles too: it is tried again in the next round. */
  #heedUnchanged(error: unknown): void {
    if (!isRefusal(error)) throw error
    if (!this.#saysUnchanged) this.#ports.warn(`${error.message} (the rate before it stays)`)
    this.#saysUnchanged = true
  }

  #isSet(broker: number, rate: number): boolean {
    const resource = { type: 'broker', name: String(broker) } as const
    return this.#setter.applied.has(appliedId(resource, THROTTLE_KEYS.followerRate, String(rate)))
  }

  #marked(rates: RisingRates): (broker: number) => readonly number[] {
    const { executionId } = this.#ports
    return (broker) =>
      rates.ratesOf(broker).map((rate) => markRate(rate * SET_FOR_WANTED, executionId))
  }

  async #readCoverInput(
    moves: readonly Move[],
    resources: readonly ConfigResource[],
    liveBrokers: ReadonlySet<number>,
  ): Promise<Omit<CoverInput, 'ratesOf'>> {
    const reachable = resources.filter(
      ({ type, name }) => type === 'topic' || liveBrokers.has(Number(name)),
    )
    const { current, unread } = await readValues(this.#ports.reader, reachable)
    const sick = [...unread.values()].find(({ resource }) => resource.type === 'topic')
    if (sick !== undefined && !isGoneCode(sick.code)) throw unreadable(sick)
    for (const broker of unread.values()) this.#heedUnreadBroker(broker)
    const readable = [...liveBrokers].filter((id) => !unread.has(`broker ${id}`))
    const { held } = this.#holdings
    const { applied } = this.#setter
    const befores = this.#befores
    return { moves, liveBrokers: new Set(readable), held, current, applied, befores }
  }

  /** A broker whose rates cannot be read gets none: said once, and no silent way around a throttle that was asked for. */
  #heedUnreadBroker(unread: UnreadResource): void {
    const { resource, code, message } = unread
    if (resource.type !== 'broker') return
    if (code.endsWith('AUTHORIZATION_FAILED')) throw unreadable(unread)
    if (this.#unthrottled.has(resource.name)) return
    this.#unthrottled.add(resource.name)
    this.#ports.warn(`broker ${resource.name} is not throttled: ${message}`)
  }

  /** After a resume: what is under way is put under the rate of now, or freed of the earlier one where there is none. */
  async takeUp(underWay: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    if (this.#rates === null) return this.release(liveBrokers)
    await this.#noteStanding(this.#rates)
    await this.cover(underWay, liveBrokers)
  }

  /** Brokers that stand at a rate of ours go on from there. */
  async #noteStanding(rates: RisingRates): Promise<void> {
    const held = [...this.#holdings.held.values()].filter(
      ({ key }) => key === THROTTLE_KEYS.followerRate,
    )
    const resources = held.map(({ resource }) => resource)
    const { current } = await readValues(this.#ports.reader, resources)
    for (const { resource, key, entries } of held) {
      const standing = current.get(throttleId(resource, key)) ?? ''
      if (entries.includes(standing)) rates.stands(Number(resource.name), Number(standing))
    }
  }

  /** Gives back the list entries that the moves under way no longer need. */
  async narrow(underWay: readonly Move[]): Promise<void> {
    const idle = idleLists(underWay, this.#holdings.held)
    if (idle.length > 0) await this.#readAndGiveBack(idle, uncoverList, 'later')
  }

  /**
   * Gives everything back: lists, then rates. Brokers that are away become debts. What moves that go on in the cluster
   * without us need stays held: without it they would take all that the network gives.
   */
  async release(liveBrokers: ReadonlySet<number>, goingOn: readonly Move[] = []): Promise<void> {
    await this.narrow(goingOn)
    const lists = idleLists(goingOn, this.#holdings.held)
    if (lists.length > 0) await this.#readAndGiveBack(lists, uncoverList, 'debt')
    const busy = new Set(brokersOf(goingOn).map(String))
    const rates = [...this.#holdings.held.values()].filter(
      ({ resource: { type, name } }) => type === 'broker' && !busy.has(name),
    )
    const isLive = ({ resource }: HeldThrottle): boolean => liveBrokers.has(Number(resource.name))
    const dead = rates.filter((throttle) => !isLive(throttle))
    const live = rates.filter(isLive)
    await this.#readAndGiveBack(live, uncoverRate, 'debt')
    await this.#journal(dead.map((throttle) => releaseOf(throttle, 'debt', 'the broker is down')))
    await this.payDebts(liveBrokers)
  }

  /** `failing`: what cannot be given back now stays ours to be given back later, or becomes a debt. */
  async #readAndGiveBack(
    throttles: readonly HeldThrottle[],
    uncover: (throttle: HeldThrottle, current: string | null) => Uncover,
    failing: 'later' | 'debt',
  ): Promise<void> {
    const { current, unread } = await readValues(
      this.#ports.reader,
      throttles.map(({ resource }) => resource),
    )
    const unreadable: Unstamped<ReleaseRecord>[] = []
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
    const isFailure = ({ outcome }: Unstamped<ReleaseRecord>): boolean => outcome === 'debt'
    const settled = failing === 'debt' ? records : records.filter((record) => !isFailure(record))
    for (const { resource, key, entries, message } of settled.filter(isFailure)) {
      const subject = `${key}=${entries} of ${resource.type} ${resource.name}`
      this.#ports.warn(`${subject} could not be given back: ${message ?? ''}`)
    }
    await this.#journal(settled)
    for (const { resource, key, entries } of settled.filter((record) => !isFailure(record))) {
      this.#released.push({ resource, key, before: null, entries: parseEntries(entries) })
    }
  }

  /** What was given back and can still be seen, `key of resource`: brokers learn of it a little later. */
  async stillVisible(): Promise<readonly string[]> {
    const { current } = await readValues(
      this.#ports.reader,
      this.#released.map(({ resource }) => resource),
    )
    const { held } = this.#holdings
    const isVisible = ({ resource, key, entries }: HeldThrottle): boolean => {
      const id = throttleId(resource, key)
      const standing = parseEntries(current.get(id) ?? null)
      return !held.has(id) && entries.some((entry) => standing.includes(entry))
    }
    const visible = this.#released.filter(isVisible)
    return [
      ...new Set(visible.map(({ resource, key }) => `${key} of ${resource.type} ${resource.name}`)),
    ]
  }

  async #giveBack(uncovers: readonly Uncover[]): Promise<readonly Unstamped<ReleaseRecord>[]> {
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

  /** Gives back what earlier runs could not, where the broker is alive again. */
  async payDebts(liveBrokers: ReadonlySet<number>): Promise<void> {
    const due = [...this.#holdings.debts.values()]
      .filter(({ resource }) => resource.type === 'topic' || liveBrokers.has(Number(resource.name)))
      .map(({ value, ...debt }) => ({ ...debt, entries: parseEntries(value) }))
    const isRate = ({ resource }: HeldThrottle): boolean => resource.type === 'broker'
    await this.#readAndGiveBack(
      due.filter((debt) => !isRate(debt)),
      uncoverList,
      'debt',
    )
    await this.#readAndGiveBack(due.filter(isRate), uncoverRate, 'debt')
  }

  async #journal(
    records: readonly (Unstamped<ThrottleRecord> | Unstamped<ReleaseRecord>)[],
  ): Promise<void> {
    if (records.length === 0) return
    await this.#ports.record(records)
    for (const record of records) {
      this.#holdings = account(this.#holdings, { ...record, at: '' })
      const id = throttleId(record.resource, record.key)
      const isNew = record.type === 'throttle' && record.resource.type === 'topic'
      if (isNew && !this.#befores.has(id)) this.#befores.set(id, record.before)
      if (record.type === 'release' && record.outcome !== 'debt') this.#setter.forget(record)
    }
  }
}

function releaseOf(
  { resource, key, entries }: HeldThrottle,
  outcome: ReleaseRecord['outcome'],
  message?: string,
): Unstamped<ReleaseRecord> {
  const record = { type: 'release', resource, key, entries: entries.join(','), outcome } as const
  return message === undefined ? record : { ...record, message }
}
