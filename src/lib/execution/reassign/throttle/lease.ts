import type { ClusterReader, ConfigResource } from '../../../ports/cluster-reader.js'
import type { ClusterWriter, ConfigChange } from '../../../ports/cluster-writer.js'
import type { Move } from '../moves.js'
import { ThrottleBook, type BookPorts } from './book.js'
import { BrokerRates } from './broker-rates.js'
import {
  planCover,
  planLists,
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
import { readReachable, refuseUnread, type ReadValues } from './read-values.js'
import { ThrottleReleaser } from './releaser.js'
import { RisingRates } from './rising-rates.js'
import { ThrottleSetter } from './setter.js'
import { Silence } from './silence.js'
import { SilentBrokers } from './silent-brokers.js'
import { ThrottleWatch, type ThrottleLook } from './watch.js'

type Look = Pick<ThrottleLook, 'read' | 'liveBrokers'>

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
  readonly #silent: SilentBrokers
  /** Bytes per second of brokers; null while nothing is throttled, and after a kill for giving back only. */
  readonly #rising: RisingRates | null
  readonly #rates: BrokerRates | null

  constructor(ports: LeasePorts, holdings: Holdings, rate: number | null) {
    this.#ports = ports
    this.#setter = new ThrottleSetter(ports)
    this.#book = new ThrottleBook(ports, holdings, (record) => this.#setter.forget(record))
    this.#releaser = new ThrottleReleaser(ports, this.#book, this.#setter)
    const silence = new Silence(ports.nowMs)
    const isRated = (id: number): boolean => this.#rates?.isRated(id) === true
    this.#watch = new ThrottleWatch(ports.nowMs, silence)
    this.#notes = new LeaseNotes(ports.warn)
    this.#silent = new SilentBrokers(silence, isRated, this.#notes)
    this.#rising = rate === null ? null : new RisingRates(rate, ports.nowMs)
    this.#rates = this.#rising && new BrokerRates(this.#rising, this.#setter, ports.executionId)
  }

  get holdings(): Holdings {
    return this.#book.holdings
  }

  /** Whether some broker has not come to its rate yet: {@link heed} is to be called about once a second then. */
  get isRising(): boolean {
    return this.#rising?.isRising === true
  }

  /**
   * Puts as many of these moves under the throttle as lists have room for, beside those under way; call before they are
   * submitted. Moves of a live broker that nothing throttles so far and that is silent are held back for a while. Throws when
   * that is refused.
   */
  async admit(
    starting: readonly Move[],
    underWay: readonly Move[],
    liveBrokers: ReadonlySet<number>,
  ): Promise<Admission> {
    if (this.#rates === null) return { moves: starting, full: null }
    const { held } = this.holdings
    const isFree = (move: Move): boolean => !this.#silent.holdsBack(move, liveBrokers)
    const asked = starting.filter(isFree)
    // What has no room beside our own entries need not be asked about.
    const candidates = movesWithRoom(asked, new Map(), held)
    const moving = candidates.filter(copies)
    const covered = underWay.filter(copies)
    const resources = moving.length === 0 ? [] : resourcesOf([...covered, ...moving])
    const look = await this.#readStrictly(resources, liveBrokers)
    const { current } = look.read
    const isOurs = (id: string, entry: string): boolean =>
      held.get(id)?.entries.includes(entry) === true || this.#releaser.wasReleased(id, entry)
    const { moves, full } = chooseAdmitted(candidates.filter(isFree), current, held, isOurs)
    if (full === null) this.#notes.waiting(asked.filter(isFree), moves)
    if (moves.some(copies)) await this.#coverRates([...covered, ...moves], look)
    const admitted = moves.filter(isFree)
    if (admitted.some(copies)) await this.#coverLists([...covered, ...admitted], look)
    this.#silent.tell(starting, liveBrokers, true)
    return { moves: admitted, full }
  }

  /** Puts moves under the throttle that are under way. Throws when that is refused. */
  async cover(moves: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    const moving = moves.filter(copies)
    if (this.#rates === null || moving.length === 0) return
    const look = await this.#readStrictly(resourcesOf(moving), liveBrokers)
    await this.#coverRates(moving, look)
    await this.#coverLists(moving, look)
    this.#silent.tell(moving, liveBrokers, false)
  }

  async #coverRates(moves: readonly Move[], { read, liveBrokers }: Look): Promise<void> {
    const input = this.#inputOf(moves, read, liveBrokers)
    const { records, rates, theirs } = planRates(input)
    this.#heedTheirs(input, theirs)
    await this.#book.write(records)
    await this.#applyRates(rates)
  }

  async #coverLists(moves: readonly Move[], { read, liveBrokers }: Look): Promise<void> {
    const { records, lists, full } = planLists(this.#inputOf(moves, read, liveBrokers))
    this.#notes.unlisted(full)
    await this.#book.write(records)
    await this.#setter.apply(lists)
  }

  /** Sets rates; a broker that does not take its own is left alone for a while. */
  async #applyRates(changes: readonly ConfigChange[]): Promise<void> {
    try {
      await this.#setter.apply(changes)
    } catch (error) {
      if (isRefusal(error)) this.#heedApplied(changes)
      throw error
    }
    this.#heedApplied(changes)
  }

  #heedApplied(changes: readonly ConfigChange[]): void {
    this.#rates?.heedApplied(changes, (broker, isSet) => {
      if (isSet) this.#silent.heard(broker)
      else this.#silent.note(broker, 'its rate could not be set')
    })
  }

  /** Another rate from now on; brokers come to it by {@link heed}. */
  aimAt(rate: number): void {
    this.#rising?.aimAt(rate)
  }

  /**
   * Gives the brokers of what is under way the rates of this moment; one that somebody changed meanwhile stays theirs. Now
   * and then looks whether all that was set still stands.
   */
  async heed(underWay: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    const rates = this.#rates
    if (rates === null) return
    const moving = underWay.filter(copies)
    if (moving.length > 0 && this.#watch.isDue) return this.#look(moving, liveBrokers)
    const unset = brokersOf(moving).filter(
      (id) => liveBrokers.has(id) && !rates.isSet(id) && this.#silent.isDue(id),
    )
    if (unset.length === 0) return
    const resources = unset.map((id) => ({ type: 'broker', name: String(id) }) as const)
    const look = await this.#readStrictly(resources, new Set(unset))
    await this.#coverRates(moving, look).catch((error: unknown) => this.#heedUnchanged(error))
    this.#silent.tell(moving, look.liveBrokers, false)
  }

  /** Sets again what somebody has taken away. What cannot be read, or set, is left for a later look. */
  async #look(moves: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    const look = await this.#watch.look(this.#ports.reader, moves, liveBrokers)
    const input = this.#inputOf(look.moves, look.read, look.liveBrokers)
    this.#heedTheirs(input, planRates(input).theirs)
    const { ratesOf } = input
    const gone = this.#watch.confirm(
      {
        ...input,
        rateOf: (broker) => ratesOf(broker)[0] ?? 0,
        hasStood: (id, forMs) => this.#setter.hasStood(id, forMs),
      },
      (missing) => this.#rates?.isTheirs(missing) === true,
    )
    for (const { resource, key, entry } of gone) {
      this.#setter.forget({ resource, key, entries: entry })
    }
    this.#notes.gone(gone)
    const cover = planCover(input)
    this.#notes.unlisted(cover.full)
    await this.#book.write(cover.records)
    await this.#applyRates(cover.rates).catch((error: unknown) => this.#heedUnchanged(error))
    await this.#setter.apply(cover.lists).catch((error: unknown) => this.#heedUnchanged(error))
  }

  #heedTheirs(input: CoverInput, theirs: readonly TheirThrottle[]): void {
    this.#rates?.heedTheirs(input, theirs)
    this.#notes.theirs(theirs)
  }

  /** What cannot be changed stays as it is, which mostly throttles too: it is tried again in the next round. */
  #heedUnchanged(error: unknown): void {
    if (!isRefusal(error)) throw error
    this.#notes.unchanged(error.message)
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
      ratesOf: this.#rates?.ratesOf ?? (() => []),
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

  /** Reads what stands, but of brokers that were silent a moment ago. */
  async #readStrictly(
    resources: readonly ConfigResource[],
    brokers: ReadonlySet<number>,
  ): Promise<Look> {
    const liveBrokers = this.#silent.due(brokers)
    const read = await readReachable(this.#ports.reader, resources, liveBrokers)
    refuseUnread(read, ({ resource, message }) => this.#silent.note(Number(resource.name), message))
    return { read, liveBrokers }
  }

  /** After a resume: what is under way is put under the rate of now, or freed of the earlier one where there is none. */
  async takeUp(underWay: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    if (this.#rising === null) return this.release(liveBrokers)
    await this.#noteStanding(this.#rising, liveBrokers)
    await this.cover(underWay, liveBrokers)
  }

  /** Brokers that stand at a rate of ours go on from there. */
  async #noteStanding(rates: RisingRates, liveBrokers: ReadonlySet<number>): Promise<void> {
    const held = [...this.holdings.held.values()].filter(
      ({ key }) => key === THROTTLE_KEYS.followerRate,
    )
    const resources = held.map(({ resource }) => resource)
    const { current } = await readReachable(this.#ports.reader, resources, liveBrokers)
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

const copies = ({ adding }: Move): boolean => adding.length > 0
