import type { ClusterReader, ConfigResource } from '../../../ports/cluster-reader.js'
import type { ClusterWriter, ConfigChange, WriteOutcome } from '../../../ports/cluster-writer.js'
import type { ReleaseRecord, ThrottleRecord } from '../../../ports/journal.js'
import type { Move } from '../moves.js'
import { appliedId, isRateId, planCover, resourcesOf } from './cover.js'
import { brokersOf, parseEntries, THROTTLE_KEYS } from './entries.js'
import { account, dynamicValues, throttleId, type HeldThrottle, type Holdings } from './held.js'
import { refusal, unreadable, type UnreadResource } from './lease-errors.js'
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
}

const OUT_OF_REACH = ['UNREACHABLE', 'TIMED_OUT']
const GONE = ['UNKNOWN_TOPIC_OR_PARTITION']
/** An answer that was lost costs another look and another try; more than that is a cluster in trouble. */
const APPLY_TRIES = 3
const LOST: WriteOutcome = { status: 'unknown', message: 'the answer leaves it out' }
const KEYS = Object.values(THROTTLE_KEYS)

/**
 * The throttle of one execution, as a lease: what is ours is journalled with what it replaces before it is set, on live
 * brokers only; lists are narrowed as moves finish; everything is given back at the end, lists before rates, and what
 * others have set is never touched. What cannot be given back becomes a debt.
 */
export class ThrottleLease {
  #holdings: Holdings
  readonly #applied = new Set<string>()
  readonly #released: HeldThrottle[] = []
  /** Brokers of which was said that they are not throttled. */
  readonly #unthrottled = new Set<string>()
  readonly #ports: LeasePorts
  /** Bytes per second as written to brokers; null while nothing is throttled, and after a kill for giving back only. */
  #rate: number | null

  constructor(ports: LeasePorts, holdings: Holdings, rate: number | null) {
    this.#ports = ports
    this.#holdings = holdings
    this.#rate = rate
  }

  get holdings(): Holdings {
    return this.#holdings
  }

  /** Puts the moves under the throttle; call before they are submitted. Throws when that is refused. */
  async cover(moves: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    const moving = moves.filter(({ adding }) => adding.length > 0)
    if (this.#rate === null || moving.length === 0) return
    const resources = resourcesOf(moving).filter(
      ({ type, name }) => type === 'topic' || liveBrokers.has(Number(name)),
    )
    const { held } = this.#holdings
    const { current, unread } = await this.#readValues(resources)
    const sick = [...unread.values()].find(({ resource }) => resource.type === 'topic')
    if (sick !== undefined && !isGoneCode(sick.code)) throw unreadable(sick)
    for (const broker of unread.values()) this.#heedUnreadBroker(broker)
    const readable = [...liveBrokers].filter((id) => !unread.has(`broker ${id}`))
    const input = {
      moves: moving,
      rate: this.#rate,
      liveBrokers: new Set(readable),
      held,
      current,
    }
    const cover = planCover({ ...input, applied: this.#applied })
    await this.#journal(cover.records)
    await this.#apply(cover.rates)
    await this.#apply(cover.lists)
  }

  /** Another rate from now on, for what is under way too; where somebody changed ours meanwhile, theirs stays. */
  async changeRate(
    rate: number,
    underWay: readonly Move[],
    liveBrokers: ReadonlySet<number>,
  ): Promise<void> {
    if (this.#rate === null || this.#rate === rate) return
    this.#rate = rate
    for (const id of this.#applied) if (isRateId(id)) this.#applied.delete(id)
    await this.cover(underWay, liveBrokers)
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
    if (this.#rate === null) await this.release(liveBrokers)
    else await this.cover(underWay, liveBrokers)
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
    const { current, unread } = await this.#readValues(throttles.map(({ resource }) => resource))
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
    const { current } = await this.#readValues(this.#released.map(({ resource }) => resource))
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
    const outcomes = await this.#send(changes)
    return uncovers.map(({ throttle, entries, change }) => {
      const released = { ...throttle, entries }
      if (change === null) return releaseOf(released, 'gone')
      const outcome = outcomes.get(resourceId(throttle.resource)) ?? LOST
      if (outcome.status === 'ok') return releaseOf(released, 'cleared')
      const isGone = outcome.status === 'refused' && isGoneCode(outcome.code)
      return releaseOf(released, isGone ? 'gone' : 'debt', outcome.message)
    })
  }

  /** Makes the changes; where an answer was lost, looks what stands there now and sends the rest again. */
  async #apply(changes: readonly ConfigChange[]): Promise<void> {
    let open = changes
    for (let attempt = 1; open.length > 0; attempt++) {
      const outcomes = await this.#send(open)
      const unknown: ConfigChange[] = []
      for (const change of open) {
        const outcome = outcomes.get(resourceId(change.resource)) ?? LOST
        if (outcome.status === 'ok') this.#noteApplied(change)
        else if (outcome.status === 'unknown' && attempt < APPLY_TRIES) unknown.push(change)
        else this.#heedRefusal(change, outcome)
      }
      open = await this.#stillMissing(unknown)
    }
  }

  #noteApplied({ resource, name, value }: ConfigChange): void {
    for (const entry of parseEntries(value ?? null))
      this.#applied.add(appliedId(resource, name, entry))
  }

  #heedRefusal(change: ConfigChange, outcome: WriteOutcome): void {
    if (outcome.status === 'refused' && isGoneCode(outcome.code)) return
    if (outcome.status !== 'refused' || !OUT_OF_REACH.includes(outcome.code)) {
      throw refusal(change, outcome)
    }
    const { type, name } = change.resource
    this.#ports.warn(`${type} ${name} was not throttled: ${outcome.message}`)
  }

  /** What was given back has to be set again when a later move needs it. */
  #noteGone({ resource, key, entries }: Unstamped<ReleaseRecord>): void {
    for (const entry of parseEntries(entries)) this.#applied.delete(appliedId(resource, key, entry))
  }

  async #stillMissing(changes: readonly ConfigChange[]): Promise<readonly ConfigChange[]> {
    const { current } = await this.#readValues(changes.map(({ resource }) => resource))
    return changes.filter((change) => {
      const standing = parseEntries(current.get(throttleId(change.resource, change.name)) ?? null)
      const isThere = parseEntries(change.value ?? null).every((entry) => standing.includes(entry))
      if (isThere) this.#noteApplied(change)
      return !isThere
    })
  }

  async #send(changes: readonly ConfigChange[]): Promise<ReadonlyMap<string, WriteOutcome>> {
    if (changes.length === 0) return new Map()
    const answers = await this.#ports.writer.alterConfigs(changes)
    return new Map(answers.map(({ resource, outcome }) => [resourceId(resource), outcome]))
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
      if (record.type === 'release' && record.outcome !== 'debt') this.#noteGone(record)
    }
  }

  async #readValues(resources: readonly ConfigResource[]): Promise<ReadValues> {
    if (resources.length === 0) return { current: new Map(), unread: new Map() }
    const unique = [...new Map(resources.map((r) => [resourceId(r), r])).values()]
    const configs = await this.#ports.reader.readConfigs(unique, KEYS)
    const unread = configs.flatMap(({ resource, error }) =>
      error === undefined ? [] : [[resourceId(resource), { resource, ...error }] as const],
    )
    return { current: dynamicValues(configs), unread: new Map(unread) }
  }
}

interface ReadValues {
  readonly current: ReadonlyMap<string, string | null>
  /** Resources that could not be read, by `type name`. */
  readonly unread: ReadonlyMap<string, UnreadResource>
}

const isGoneCode = (code: string): boolean => GONE.includes(code)

const resourceId = ({ type, name }: ConfigResource): string => `${type} ${name}`

function releaseOf(
  { resource, key, entries }: HeldThrottle,
  outcome: ReleaseRecord['outcome'],
  message?: string,
): Unstamped<ReleaseRecord> {
  const record = { type: 'release', resource, key, entries: entries.join(','), outcome } as const
  return message === undefined ? record : { ...record, message }
}
