import type { Tracker } from '../../tracker.js'
import type { Move } from '../../moves.js'
import type { FetchLimits } from '../../next-moves.js'
import type { ThrottleLease } from '../lease.js'
import type { AutoThrottle } from './auto-throttle.js'
import { Governor, type GovernorPorts } from './governor.js'

/** What a steering turns. */
export interface SteeringParts {
  readonly lease: Pick<ThrottleLease, 'aimAt'>
  readonly tracker: Pick<Tracker, 'setThrottle'>
}

/** Aims the lease at what the governor says; the lease sets it, so that every change is in the journal before it is made. */
export class ThrottleSteering {
  readonly #governor: Governor
  readonly #parts: SteeringParts

  constructor(governor: Governor, parts: SteeringParts) {
    this.#governor = governor
    this.#parts = parts
  }

  /** Looks at the cluster before anything moves; says how much may come in one piece. */
  async begin(moves: readonly Move[]): Promise<FetchLimits> {
    const moving = moves.filter(({ adding }) => adding.length > 0)
    if (moving.length > 0) {
      await this.#governor.begin(moving)
      this.#aimAt(this.#governor.rate)
    }
    return this.#governor.fetchLimits(moving)
  }

  /** To be called in every round, with what is not over too; aims at another rate when it is time. */
  heed(underWay: readonly Move[], open: readonly Move[]): void {
    const rate = this.#governor.steer(
      underWay.filter(({ adding }) => adding.length > 0),
      open,
    )
    if (rate !== null) this.#aimAt(rate)
  }

  /** What the rate may still come to, bytes per second. */
  get reach(): number {
    return this.#governor.reach
  }

  /** Ends what goes on in the background. */
  stop(): void {
    this.#governor.stop()
  }

  #aimAt(rate: number): void {
    this.#parts.tracker.setThrottle(rate)
    this.#parts.lease.aimAt(rate)
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
