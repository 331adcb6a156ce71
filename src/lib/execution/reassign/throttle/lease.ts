import type { ClusterReader, ConfigResource } from '../../../ports/cluster-reader.js'
import type { ClusterWriter } from '../../../ports/cluster-writer.js'
import type { Move } from '../moves.js'
import { ThrottleBook, type BookPorts } from './book.js'
import {
  appliedId,
  planCover,
  planRates,
  resourcesOf,
  type CoverInput,
  type TheirThrottle,
} from './cover.js'
import { brokersOf, markRate, THROTTLE_KEYS } from './entries.js'
import { throttleId, type Holdings } from './held.js'
import { isRefusal } from './lease-errors.js'
import { LeaseNotes } from './lease-notes.js'
import { chooseAdmitted, movesWithRoom, type Admission } from './list-room.js'
import { readReachable, readValues, refuseUnread, type ReadValues } from './read-values.js'
import { ThrottleReleaser } from './releaser.js'
import { RisingRates } from './rising-rates.js'
import { ThrottleSetter } from './setter.js'
import { ThrottleWatch } from './watch.js'

/** What a lease works with. */
export interface LeasePorts extends BookPorts {
  readonly reader: Pick<ClusterReader, 'readConfigs'>
  readonly writer: Pick<ClusterWriter, 'alterConfigs'>
  /** Something that an operator should know and that does not stop the work. */
  readonly warn: (text: string) => void
  readonly nowMs: () => number
  /** Its mark is in the last digits of each rate. */
  readonly executionId: string
  /** Rates of others may be replaced for as long as moves run. */
  readonly adopts: boolean
}

/**
 * A follower that finds its quota used up looks again up to a second late, and of a sum over eleven seconds that is missing:
 * without more than is wanted, 87 to 97 % of it arrived, and never all.
 */
const SET_FOR_WANTED = 1.03

/**
 * The throttle of one execution, as a lease: what is ours is journalled with what it replaces before it is set, on live
 * brokers only; it is watched while moves run; lists are narrowed as moves finish; everything is given back at the end, and
 * what others have set is never touched. What cannot be given back becomes a debt.
 */
export class ThrottleLease {
  readonly #ports: LeasePorts
  readonly #book: ThrottleBook
  readonly #setter: ThrottleSetter
  readonly #releaser: ThrottleReleaser
  readonly #watch: ThrottleWatch
  readonly #notes: LeaseNotes
  /** Rates of others that stand where ours would, by throttle id, as of the last look at their broker. */
  readonly #theirs = new Set<string>()
  /** Bytes per second of brokers; null while nothing is throttled, and after a kill for giving back only. */
  readonly #rates: RisingRates | null

  constructor(ports: LeasePorts, holdings: Holdings, rate: number | null) {
    this.#ports = ports
    this.#setter = new ThrottleSetter(ports)
    this.#book = new ThrottleBook(ports, holdings, (record) => this.#setter.forget(record))
    this.#releaser = new ThrottleReleaser(ports, this.#book, this.#setter)
    this.#watch = new ThrottleWatch(ports.nowMs)
    this.#notes = new LeaseNotes(ports.warn)
    this.#rates = rate === null ? null : new RisingRates(rate, ports.nowMs)
  }

  get holdings(): Holdings {
    return this.#book.holdings
  }

  /** Whether some broker has not come to its rate yet: {@link heed} is to be called about once a second then. */
  get isRising(): boolean {
    return this.#rates?.isRising === true
  }

  /**
   * Puts as many of these moves under the throttle as lists have room for, beside those under way; call before they are
   * submitted. Throws when that is refused.
   */
  async admit(
    starting: readonly Move[],
    underWay: readonly Move[],
    liveBrokers: ReadonlySet<number>,
  ): Promise<Admission> {
    if (this.#rates === null) return { moves: starting, full: null }
    const { held } = this.holdings
    // What has no room beside our own entries need not be asked about.
    const candidates = movesWithRoom(starting, new Map(), held)
    const moving = candidates.filter(({ adding }) => adding.length > 0)
    const covered = underWay.filter(({ adding }) => adding.length > 0)
    const resources = moving.length === 0 ? [] : resourcesOf([...covered, ...moving])
    const read = await this.#readStrictly(resources, liveBrokers)
    const isOurs = (id: string, entry: string): boolean =>
      held.get(id)?.entries.includes(entry) === true || this.#releaser.wasReleased(id, entry)
    const admission = chooseAdmitted(candidates, read.current, held, isOurs)
    const { moves, full } = admission
    if (full === null) this.#notes.waiting(starting, moves)
    if (moving.length > 0) await this.#cover([...covered, ...moves], read, liveBrokers)
    return admission
  }

  /** Puts moves under the throttle that are under way. Throws when that is refused. */
  async cover(moves: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    const moving = moves.filter(({ adding }) => adding.length > 0)
    if (this.#rates === null || moving.length === 0) return
    const read = await this.#readStrictly(resourcesOf(moving), liveBrokers)
    await this.#cover(moving, read, liveBrokers)
  }

  async #cover(
    moves: readonly Move[],
    read: ReadValues,
    liveBrokers: ReadonlySet<number>,
  ): Promise<void> {
    const input = this.#inputOf(moves, read, liveBrokers)
    const cover = planCover(input)
    this.#heedTheirs(input, cover.theirs)
    this.#notes.unlisted(cover.full)
    await this.#book.write(cover.records)
    await this.#setter.apply(cover.rates)
    await this.#setter.apply(cover.lists)
  }

  /** Another rate from now on; brokers come to it by {@link heed}. */
  aimAt(rate: number): void {
    this.#rates?.aimAt(rate)
  }

  /**
   * Gives the brokers of what is under way the rates of this moment; one that somebody changed meanwhile stays theirs. Now
   * and then looks whether all that was set still stands.
   */
  async heed(underWay: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    if (this.#rates === null) return
    const moving = underWay.filter(({ adding }) => adding.length > 0)
    if (moving.length > 0 && this.#watch.isDue) return this.#look(moving, liveBrokers)
    const ratesOf = this.#marked(this.#rates)
    const ids = brokersOf(moving).filter((id) => liveBrokers.has(id))
    if (ids.every((id) => this.#isSet(id, ratesOf(id)[0] ?? 0))) return
    const resources = ids.map((id) => ({ type: 'broker', name: String(id) }) as const)
    const read = await this.#readStrictly(resources, liveBrokers)
    const input = this.#inputOf(moving, read, liveBrokers)
    const { records, rates, theirs } = planRates(input)
    this.#heedTheirs(input, theirs)
    await this.#book.write(records)
    await this.#setter.apply(rates).catch((error: unknown) => this.#heedUnchanged(error))
  }

  /** Sets again what somebody has taken away. What cannot be read, or set, is left for a later look. */
  async #look(moves: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    const look = await this.#watch.look(this.#ports.reader, moves, liveBrokers)
    const input = this.#inputOf(look.moves, look.read, look.liveBrokers)
    this.#heedTheirs(input, planRates(input).theirs)
    const gone = this.#watch.confirm(
      {
        ...input,
        rateOf: (broker) => input.ratesOf(broker)[0] ?? 0,
        hasStood: (id, forMs) => this.#setter.hasStood(id, forMs),
      },
      ({ resource, key }) => this.#theirs.has(throttleId(resource, key)),
    )
    for (const { resource, key, entry } of gone) {
      this.#setter.forget({ resource, key, entries: entry })
    }
    this.#notes.gone(gone)
    const cover = planCover(input)
    this.#notes.unlisted(cover.full)
    await this.#book.write(cover.records)
    for (const changes of [cover.rates, cover.lists]) {
      await this.#setter.apply(changes).catch((error: unknown) => this.#heedUnchanged(error))
    }
  }

  /** A rate of somebody else's stays; ours is not there any more, and has to be set once theirs is gone. */
  #heedTheirs({ moves, liveBrokers }: CoverInput, theirs: readonly TheirThrottle[]): void {
    for (const id of brokersOf(moves).filter((one) => liveBrokers.has(one))) {
      const resource = { type: 'broker', name: String(id) } as const
      for (const key of RATE_KEYS) this.#theirs.delete(throttleId(resource, key))
    }
    for (const { resource, key } of theirs) {
      this.#theirs.add(throttleId(resource, key))
      this.#setter.forgetRate(resource, key)
    }
    this.#notes.theirs(theirs)
  }

  /** What cannot be changed stays as it is, which mostly throttles too: it is tried again in the next round. */
  #heedUnchanged(error: unknown): void {
    if (!isRefusal(error)) throw error
    this.#notes.unchanged(error.message)
  }

  #isSet(broker: number, rate: number): boolean {
    const resource = { type: 'broker', name: String(broker) } as const
    return RATE_KEYS.every(
      (key) =>
        this.#setter.applied.has(appliedId(resource, key, String(rate))) ||
        this.#theirs.has(throttleId(resource, key)),
    )
  }

  #marked(rates: RisingRates): (broker: number) => readonly number[] {
    const { executionId } = this.#ports
    return (broker) =>
      rates.ratesOf(broker).map((rate) => markRate(rate * SET_FOR_WANTED, executionId))
  }

  #inputOf(
    moves: readonly Move[],
    { current, unread }: ReadValues,
    liveBrokers: ReadonlySet<number>,
  ): CoverInput {
    const { executionId, adopts } = this.#ports
    const { held, debts, rateBefores } = this.holdings
    return {
      moves,
      ratesOf: this.#rates === null ? () => [] : this.#marked(this.#rates),
      liveBrokers: new Set([...liveBrokers].filter((id) => !unread.has(`broker ${id}`))),
      held,
      debts,
      applied: this.#setter.applied,
      befores: this.#book.befores,
      rateBefores,
      isMarked: (value) => markRate(Number(value), executionId) === Number(value),
      adopts,
      current,
    }
  }

  async #readStrictly(
    resources: readonly ConfigResource[],
    liveBrokers: ReadonlySet<number>,
  ): Promise<ReadValues> {
    const read = await readReachable(this.#ports.reader, resources, liveBrokers)
    refuseUnread(read, (broker) => this.#notes.unthrottled(broker))
    return read
  }

  /** After a resume: what is under way is put under the rate of now, or freed of the earlier one where there is none. */
  async takeUp(underWay: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    if (this.#rates === null) return this.release(liveBrokers)
    await this.#noteStanding(this.#rates)
    await this.cover(underWay, liveBrokers)
  }

  /** Brokers that stand at a rate of ours go on from there. */
  async #noteStanding(rates: RisingRates): Promise<void> {
    const held = [...this.holdings.held.values()].filter(
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
  narrow(underWay: readonly Move[]): Promise<void> {
    return this.#releaser.narrow(underWay)
  }

  /**
   * Gives everything back: lists, then rates. Brokers that are away become debts. What moves that go on in the cluster
   * without us need stays held: without it they would take all that the network gives.
   */
  release(liveBrokers: ReadonlySet<number>, goingOn: readonly Move[] = []): Promise<void> {
    return this.#releaser.release(liveBrokers, goingOn)
  }

  /** Gives back what earlier runs could not, where the broker is alive again. */
  payDebts(liveBrokers: ReadonlySet<number>, goingOn: readonly Move[] = []): Promise<void> {
    return this.#releaser.payDebts(liveBrokers, goingOn)
  }

  /** Writes down that all that is held is owed: nobody could be asked to take it back. */
  owe(why: string): Promise<void> {
    return this.#releaser.owe(why)
  }

  /** What was given back and can still be seen, `key of resource`. */
  stillVisible(): Promise<readonly string[]> {
    return this.#releaser.stillVisible()
  }
}

const RATE_KEYS = [THROTTLE_KEYS.leaderRate, THROTTLE_KEYS.followerRate]
