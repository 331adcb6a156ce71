import { OperatorError } from '../../../errors/operator-error.js'
import type { Clock } from '../../../ports/clock.js'
import type { HeldLock } from '../../../ports/coordination.js'
import { lockLost, lockUnproven } from './lock-errors.js'
import { isGone, type Membership } from './membership.js'

const BEAT_EVERY_MS = 3_000
/** A coordinator that moves is back by then; whoever runs an execution waits longer than one proof. */
const PROOF_PATIENCE_MS = 10_000
const RELEASE_PATIENCE_MS = 2_000

/** The lock as its owner holds it: kept alive in the background, proven on demand, one request at a time. */
export class HeldGroupLock implements HeldLock {
  readonly #membership: Membership
  readonly #clock: Clock
  readonly #stop = new AbortController()
  readonly #beating: Promise<void>
  #last: Promise<unknown> = Promise.resolve()
  #lost: OperatorError | null = null

  constructor(membership: Membership, clock: Clock) {
    this.#membership = membership
    this.#clock = clock
    this.#beating = this.#keepAlive()
  }

  get fence(): string {
    return String(this.#membership.generationId)
  }

  prove(): Promise<void> {
    return this.#inTurn(() => this.#check())
  }

  async release(): Promise<void> {
    this.#stop.abort()
    await this.#beating
    if (this.#lost !== null) return
    await this.#inTurn(() => this.#membership.leave(RELEASE_PATIENCE_MS)).catch(() => undefined)
  }

  /** Never throws: what a beat finds out is told to whoever asks for the next proof. */
  async #keepAlive(): Promise<void> {
    const { signal } = this.#stop
    const isOver = (): boolean => signal.aborted || this.#lost !== null
    while (!isOver()) {
      await this.#clock.sleep(BEAT_EVERY_MS, signal)
      if (!isOver()) await this.prove().catch(() => undefined)
    }
  }

  async #check(): Promise<void> {
    if (this.#lost !== null) throw this.#lost
    try {
      const said = await this.#membership.beat(PROOF_PATIENCE_MS)
      if (said === 'NONE') return
      if (isGone(said)) throw lockLost(said)
      // A rebalance: somebody joined, or left. Whoever still leads after it has had the lock all the time.
      const joined = await this.#membership.join()
      if (joined.kind === 'owner') return
      const { owner } = joined.kind === 'refused' ? joined : { owner: null }
      if (joined.kind === 'refused') await this.#membership.leave(RELEASE_PATIENCE_MS)
      throw lockLost(owner === null ? said : `${owner.user}@${owner.host} has it`)
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      if (error.exit === 'unreachable') throw lockUnproven(error.message, error)
      this.#lost = error.code === 'LOCK_LOST' ? error : lockLost(error.message)
      throw this.#lost
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}
