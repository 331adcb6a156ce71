import type { Clock } from '../../../../ports/clock.js'
import type { ClusterReader } from '../../../../ports/cluster-reader.js'
import type { IntervalTraffic } from '../../../../traffic/interval.js'
import { formatBytesPerSec } from '../../../../units/format-quantity.js'
import type { Move } from '../../moves.js'
import type { FetchLimits } from '../../next-moves.js'
import { brokersOf } from '../entries.js'
import type { AutoThrottle } from './auto-throttle.js'
import { controlRate, startRate, type RateReading, type RateState } from './control-rate.js'
import { fetchesAtOnce } from './fetches-at-once.js'
import { partitionsToWatch, readLag } from './lag.js'
import { painOf, replicasBehind, silentIn, type Feeling } from './pain.js'
import { DEFAULT_FETCH_BYTES, readFetchBytes } from './read-fetch-bytes.js'
import { carriedBy, spareCapacity, type BrokerLimits } from './spare-capacity.js'

/** Measures the traffic of the cluster for a while. */
export type MeasureTraffic = (durationMs: number, signal: AbortSignal) => Promise<IntervalTraffic>

/** What a governor works with. */
export interface GovernorPorts {
  readonly reader: Pick<
    ClusterReader,
    'readConfigs' | 'readMetadata' | 'readLogEnds' | 'pingBroker'
  >
  readonly clock: Clock
  readonly measureTraffic?: MeasureTraffic | undefined
  /** One line for an operator. */
  readonly say: (text: string) => void
}

/** One interval of looking. */
const LOOK_MS = 8_000
/** A look that takes longer than this says nothing any more. */
const LOOK_TIMEOUT_MS = 30_000
const PING_EVERY_MS = 200
/** Brokers that are asked how fast they answer, at most. */
const MOST_PINGED = 8

interface Look {
  readonly traffic: IntervalTraffic | null
  readonly feeling: Feeling
}

/**
 * Follows the cluster while moves are under way, and says which rate it can spare. It looks in the background and never
 * throws; what it could not see takes the rate down to its least. It sets nothing itself.
 */
export class Governor {
  readonly #auto: AutoThrottle
  readonly #ports: GovernorPorts
  readonly #isLimited: boolean
  readonly #stop = new AbortController()
  #before: Feeling | null = null
  #earlier: Feeling | null = null
  #state: RateState
  /** Undefined while a look is under way. */
  #finished: Look | null | undefined
  #looking = false
  #looks = 0

  constructor(auto: AutoThrottle, ports: GovernorPorts) {
    this.#auto = auto
    this.#ports = ports
    const { all, brokers } = auto.limits
    this.#isLimited = [all, ...Object.values(brokers)].some((one) => Object.keys(one).length > 0)
    this.#state = startRate(null, auto)
  }

  /** Bytes per second as of now. */
  get rate(): number {
    return this.#state.rate
  }

  /** What the rate may still come to: where no limits are known it begins with the least and grows until something hurts. */
  get reach(): number {
    const isSearching = !this.#isLimited && this.#state.hurtAt === null
    return isSearching ? this.#auto.max : this.rate
  }

  /** Looks at the cluster once before anything moves: what is usual, and how much it can spare. */
  async begin(moves: readonly Move[]): Promise<void> {
    this.#ports.say(`measuring for ${LOOK_MS / 1000} s what the brokers can spare`)
    const look = await this.#look(brokersOf(moves), moves)
    const reading = look === null ? null : this.#read(look, moves)
    this.#state = startRate(reading, this.#auto)
    this.#ports.say(`throttle ${formatBytesPerSec(this.rate)}: ${describeStart(reading)}`)
  }

  /** How much of the moves may come in one piece; what cannot be read is taken for Kafka's default. */
  async fetchLimits(moves: readonly Move[]): Promise<FetchLimits> {
    const fetchBytes = await readFetchBytes(this.#ports.reader, brokersOf(moves)).catch(
      () => DEFAULT_FETCH_BYTES,
    )
    return fetchesAtOnce(this.#auto.limits, fetchBytes)
  }

  /**
   * The rate for the moves under way when it changes now; null while it stays. To be asked often. `open` are those and the ones
   * that may begin before the next answer: replicas that a move adds are no replicas that fell behind.
   */
  steer(underWay: readonly Move[], open: readonly Move[]): number | null {
    if (this.#finished === undefined) {
      this.#lookAhead(underWay, open)
      return null
    }
    const look = this.#finished
    this.#finished = undefined
    if (look === null) this.#earlier = null
    // Between two moves nobody needs anything, which says nothing of what there is.
    if (underWay.length === 0) return null
    this.#lookAhead(underWay, open)
    const earlier = this.rate
    const { state, why } = controlRate(
      this.#state,
      look === null ? null : this.#read(look, underWay),
      this.#auto,
    )
    this.#state = state
    if (state.rate === earlier) return null
    const to = `${formatBytesPerSec(earlier)} -> ${formatBytesPerSec(state.rate)}`
    this.#ports.say(`throttle ${to}: ${why ?? 'within its bounds'}`)
    return state.rate
  }

  /** Ends the look that is under way. */
  stop(): void {
    this.#stop.abort()
  }

  #lookAhead(underWay: readonly Move[], open: readonly Move[]): void {
    if (this.#looking || this.#stop.signal.aborted || underWay.length === 0) return
    this.#looking = true
    const silent = this.#before === null ? [] : silentIn(this.#before)
    const asked = brokersOf(underWay).filter((id) => !silent.includes(id))
    void this.#look(inTurn(asked, this.#looks++), open).then((look) => {
      this.#looking = false
      this.#finished = look
    })
  }

  #read({ traffic, feeling }: Look, moves: readonly Move[]): RateReading | null {
    // Where the look before the moves failed, the first that does not is held to be usual.
    this.#before ??= feeling
    const pain = painOf(this.#before, this.#earlier, feeling)
    this.#earlier = feeling
    if (!this.#isLimited) return { spare: null, pain }
    const carried = traffic === null ? null : carriedBy(traffic, moves)
    if (traffic === null || carried === null) return null
    return { spare: spareCapacity(traffic, carried, moves, (id) => this.#limitsOf(id)), pain }
  }

  #limitsOf(broker: number): BrokerLimits {
    const { all, brokers } = this.#auto.limits
    return brokers[String(broker)] ?? all
  }

  async #look(brokers: readonly number[], open: readonly Move[]): Promise<Look | null> {
    const deadline = AbortSignal.timeout(LOOK_TIMEOUT_MS)
    const signal = AbortSignal.any([this.#stop.signal, deadline])
    try {
      const [traffic, roundTripsMs] = await Promise.all([
        this.#measure(signal),
        this.#ping(brokers, signal),
      ])
      const { reader, clock } = this.#ports
      const metadata = await reader.readMetadata()
      const watched = partitionsToWatch(metadata, brokersOf(open), open)
      const lag = await readLag(reader, clock, watched)
      const behind = replicasBehind(metadata, open)
      // One that died is told elsewhere: it would hurt for as long as it is away.
      const alive = new Set(metadata.brokers.map(({ id }) => id))
      const ofLive = new Map([...roundTripsMs].filter(([id]) => alive.has(id)))
      return { traffic, feeling: { behind, roundTripsMs: ofLive, lag } }
    } catch {
      return null
    }
  }

  /** Without limits there is nothing to hold traffic against. */
  async #measure(signal: AbortSignal): Promise<IntervalTraffic | null> {
    const { measureTraffic } = this.#ports
    if (!this.#isLimited || measureTraffic === undefined) return null
    return measureTraffic(LOOK_MS, signal)
  }

  /** Each by itself: one that does not answer keeps nobody from asking the others. */
  async #ping(
    brokers: readonly number[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, readonly number[]>> {
    const endMs = this.#ports.clock.nowMs() + LOOK_MS
    const one = async (id: number) => [id, await this.#pingOne(id, endMs, signal)] as const
    return new Map(await Promise.all(brokers.map(one)))
  }

  async #pingOne(id: number, endMs: number, signal: AbortSignal): Promise<readonly number[]> {
    const { clock, reader } = this.#ports
    const roundTripsMs: number[] = []
    while (clock.nowMs() < endMs && !signal.aborted) {
      const answer = await reader.pingBroker(id)
      if (answer.ok) roundTripsMs.push(answer.value.roundTripMs)
      await clock.sleep(PING_EVERY_MS, signal)
    }
    return roundTripsMs
  }
}

/** Where there are many, others are asked after every second look: pain shows in two looks in a row. */
function inTurn(brokers: readonly number[], look: number): readonly number[] {
  const turns = Math.max(1, Math.ceil(brokers.length / MOST_PINGED))
  const from = (Math.floor(look / 2) % turns) * MOST_PINGED
  return brokers.slice(from, from + MOST_PINGED)
}

function describeStart(reading: RateReading | null): string {
  if (reading === null) return 'the cluster could not be measured, so it starts with the least'
  const { spare } = reading
  return spare === null
    ? 'no limits of brokers are known, so it starts with the least and grows until something hurts'
    : `the tightest broker of these moves has ${formatBytesPerSec(spare)} to spare`
}
