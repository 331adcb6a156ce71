import type { ConfigChange } from '../../../ports/cluster-writer.js'
import { appliedId, type CoverInput, type TheirThrottle } from './cover.js'
import { brokersOf, markRate, THROTTLE_KEYS } from './entries.js'
import { throttleId } from './held.js'
import type { RisingRates } from './rising-rates.js'
import type { ThrottleSetter } from './setter.js'

/**
 * A follower that finds its quota used up looks again up to a second late, and of a sum over eleven seconds that is missing:
 * without more than is wanted, 87 to 97 % of it arrived, and never all.
 */
const SET_FOR_WANTED = 1.03
const RATE_KEYS = [THROTTLE_KEYS.leaderRate, THROTTLE_KEYS.followerRate]

const resourceOf = (broker: number) => ({ type: 'broker', name: String(broker) }) as const

/** Which rates brokers should have, and which they have: ours on their way up, or those of others in their place. */
export class BrokerRates {
  readonly #rising: RisingRates
  readonly #setter: Pick<ThrottleSetter, 'applied' | 'hasRate' | 'forgetRate'>
  readonly #executionId: string
  /** Rates of others that stand where ours would, by throttle id, as of the last look at their broker. */
  readonly #theirs = new Set<string>()

  constructor(
    rising: RisingRates,
    setter: Pick<ThrottleSetter, 'applied' | 'hasRate' | 'forgetRate'>,
    executionId: string,
  ) {
    this.#rising = rising
    this.#setter = setter
    this.#executionId = executionId
  }

  /** The rate of this moment and those that follow, marked as ours. */
  readonly ratesOf = (broker: number): readonly number[] =>
    this.#rising.ratesOf(broker).map((rate) => markRate(rate * SET_FOR_WANTED, this.#executionId))

  /** Whether some rate holds for what a broker sends and receives: one that this process has set, or somebody else's. */
  isRated(broker: number): boolean {
    const resource = resourceOf(broker)
    return RATE_KEYS.every(
      (key) => this.#setter.hasRate(resource, key) || this.#theirs.has(throttleId(resource, key)),
    )
  }

  /** Whether a broker has the rate of this moment, or somebody else's. */
  isSet(broker: number): boolean {
    const resource = resourceOf(broker)
    const rate = String(this.ratesOf(broker)[0] ?? 0)
    return RATE_KEYS.every(
      (key) =>
        this.#setter.applied.has(appliedId(resource, key, rate)) ||
        this.#theirs.has(throttleId(resource, key)),
    )
  }

  isTheirs({ resource, key }: Pick<TheirThrottle, 'resource' | 'key'>): boolean {
    return this.#theirs.has(throttleId(resource, key))
  }

  /** A rate of somebody else's stays; ours is not there any more, and has to be set once theirs is gone. */
  heedTheirs({ moves, liveBrokers }: CoverInput, theirs: readonly TheirThrottle[]): void {
    for (const id of brokersOf(moves).filter((one) => liveBrokers.has(one))) {
      for (const key of RATE_KEYS) this.#theirs.delete(throttleId(resourceOf(id), key))
    }
    for (const { resource, key } of theirs) {
      this.#theirs.add(throttleId(resource, key))
      this.#setter.forgetRate(resource, key)
    }
  }

  /** Heeds what came of changes: a broker that has its first rate begins to rise. `tell` is called for each broker. */
  heedApplied(
    changes: readonly ConfigChange[],
    tell: (broker: number, isSet: boolean) => void,
  ): void {
    for (const broker of new Set(changes.map(({ resource }) => Number(resource.name)))) {
      const isSet = changes
        .filter(({ resource }) => Number(resource.name) === broker)
        .every(({ resource, name, value = '' }) =>
          this.#setter.applied.has(appliedId(resource, name, value)),
        )
      if (isSet) this.#rising.begins(broker)
      tell(broker, isSet)
    }
  }
}
