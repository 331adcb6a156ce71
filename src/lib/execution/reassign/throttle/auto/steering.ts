import type { Tracker } from '../../tracker.js'
import type { Move } from '../../moves.js'
import { markRate } from '../entries.js'
import type { ThrottleLease } from '../lease.js'
import { Governor, type AutoThrottle, type GovernorPorts } from './governor.js'

/** What a steering turns. */
export interface SteeringParts {
  readonly lease: Pick<ThrottleLease, 'changeRate'>
  readonly tracker: Pick<Tracker, 'setThrottle'>
  readonly executionId: string
}

/** Sets what the governor says: through the lease, so that every change is in the journal before it is made. */
export class ThrottleSteering {
  readonly #governor: Governor
  readonly #parts: SteeringParts

  constructor(governor: Governor, parts: SteeringParts) {
    this.#governor = governor
    this.#parts = parts
  }

  /** Looks at the cluster before anything moves. */
  async begin(moves: readonly Move[]): Promise<void> {
    const moving = moves.filter(({ adding }) => adding.length > 0)
    if (moving.length === 0) return
    await this.#governor.begin(moving)
    await this.#set(this.#governor.rate, [], new Set())
  }

  /** To be called in every round; sets another rate when it is time. */
  async heed(underWay: readonly Move[], liveBrokers: ReadonlySet<number>): Promise<void> {
    const rate = this.#governor.steer(underWay.filter(({ adding }) => adding.length > 0))
    if (rate !== null) await this.#set(rate, underWay, liveBrokers)
  }

  /** Ends what goes on in the background. */
  stop(): void {
    this.#governor.stop()
  }

  async #set(
    rate: number,
    underWay: readonly Move[],
    liveBrokers: ReadonlySet<number>,
  ): Promise<void> {
    const { lease, tracker, executionId } = this.#parts
    tracker.setThrottle(rate)
    await lease.changeRate(markRate(rate, executionId), underWay, liveBrokers)
  }
}

/** A steering for an automatic throttle; null where there is none. */
export function openSteering(
  auto: AutoThrottle | undefined,
  parts: SteeringParts,
  ports: GovernorPorts,
): ThrottleSteering | null {
  return auto === undefined ? null : new ThrottleSteering(new Governor(auto, ports), parts)
}
