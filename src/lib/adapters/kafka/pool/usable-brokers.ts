import type { LinkTarget } from './broker-links.js'
import { areRefusals } from './failures.js'
import { firstToSucceed } from './first-to-succeed.js'

/** Connecting burdens nobody: enough at the same time to pass over some that hang. */
const CONNECTING_AT_ONCE = 6
const STAGGER_MS = 1_000

/** Hands out those of a list that can be connected to, one by one, each of them once. */
export class UsableBrokers {
  /** Of those that could not be connected to. */
  readonly errors: unknown[] = []
  private readonly left: LinkTarget[]
  private readonly connecting = new Set<Promise<void>>()
  private readonly found: LinkTarget[] = []
  private readonly open: (target: LinkTarget) => Promise<unknown>
  private readonly staggerMs: number
  private readonly untilMs: number
  private isStopped = false

  /** None is begun with later than `withinMs` from now. */
  constructor(
    targets: readonly LinkTarget[],
    open: (target: LinkTarget) => Promise<unknown>,
    withinMs: number,
  ) {
    this.left = [...targets]
    this.open = open
    this.staggerMs = Math.min(STAGGER_MS, withinMs / (2 * CONNECTING_AT_ONCE))
    this.untilMs = performance.now() + withinMs
  }

  /** The next one, or null when there is none. Not to be called again before it has answered. */
  async next(): Promise<LinkTarget | null> {
    while (this.found.length === 0) {
      await Promise.any([this.connectToMore(), ...this.connecting]).catch(() => undefined)
      if (this.connecting.size === 0) break
    }
    return this.found.shift() ?? null
  }

  /** Begins with no other; whoever is being connected to goes on. */
  stop(): void {
    this.isStopped = true
  }

  private connectToMore(): Promise<void> {
    const tasks = this.left.map(() => () => this.connectToNext())
    return firstToSucceed(tasks, this.staggerMs, {
      atMost: CONNECTING_AT_ONCE,
      startWithinMs: this.untilMs - performance.now(),
      isHopeless: () => this.isStopped || this.found.length > 0 || areRefusals(this.errors),
    })
  }

  private connectToNext(): Promise<void> {
    const target = this.left.shift()
    if (target === undefined) return Promise.reject(new Error('none is left'))
    const attempt = this.open(target)
      .then(
        () => {
          this.found.push(target)
        },
        (error: unknown) => {
          this.errors.push(error)
          throw error
        },
      )
      .finally(() => this.connecting.delete(attempt))
    this.connecting.add(attempt)
    return attempt
  }
}
