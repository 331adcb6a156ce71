import { setTimeout as sleep } from 'node:timers/promises'

import type { LinkTarget } from './broker-links.js'
import { areRefusals, countSilent, MAX_SILENT } from './failures.js'
import { UsableBrokers } from './usable-brokers.js'

/**
 * Big answers take their time, and each broker that is asked beside another one works them out again; where all wait for a
 * silent controller their time-outs must not follow each other either.
 */
const SILENT_AFTER_MS = 1_000

/** How brokers are asked by {@link askInTurn}. */
export interface Asking<T> {
  /** Makes sure that a broker can be asked. */
  readonly open: (target: LinkTarget) => Promise<unknown>
  readonly ask: (target: LinkTarget) => Promise<T>
  /** What one request may take; so long, too, are new connections begun. */
  readonly requestTimeoutMs: number
}

/**
 * Asks those that can be connected to, in their order: another one a second behind the one before, or as soon as one has
 * failed, and never more than three that are silent. Resolves with the first answer, or rejects with an AggregateError.
 */
export async function askInTurn<T>(
  targets: readonly LinkTarget[],
  { open, ask, requestTimeoutMs }: Asking<T>,
): Promise<T> {
  const usable = new UsableBrokers(targets, open, requestTimeoutMs)
  // All three are under way before the first can time out.
  const staggerMs = Math.min(SILENT_AFTER_MS, requestTimeoutMs / (MAX_SILENT + 1))
  const asked = new Asked<T>()
  let next: Promise<LinkTarget | null> | undefined
  let isEveryoneAsked = false
  try {
    while (asked.answer === undefined) {
      if (isEveryoneAsked || !mayAskMore(asked, usable)) {
        if (asked.underWay.size === 0) break
        await Promise.race(asked.underWay)
        continue
      }
      next ??= usable.next()
      const target = await Promise.race([next, ...asked.underWay])
      if (target === undefined) continue
      next = undefined
      if (target === null) {
        isEveryoneAsked = true
        continue
      }
      asked.begin(ask(target))
      await Promise.race([sleep(staggerMs, undefined, { ref: false }), ...asked.underWay])
    }
  } finally {
    usable.stop()
  }
  if (asked.answer !== undefined) return asked.answer.value
  throw new AggregateError([...usable.errors, ...asked.errors])
}

function mayAskMore(asked: Asked<unknown>, usable: UsableBrokers): boolean {
  if (asked.underWay.size + countSilent(asked.errors) >= MAX_SILENT) return false
  return !areRefusals([...usable.errors, ...asked.errors])
}

/** Requests that were sent, and what became of them. */
class Asked<T> {
  readonly errors: unknown[] = []
  readonly underWay = new Set<Promise<undefined>>()
  answer: { readonly value: T } | undefined

  begin(request: Promise<T>): void {
    const one = request
      .then(
        (value) => {
          this.answer ??= { value }
        },
        (error: unknown) => {
          this.errors.push(error)
        },
      )
      .then(() => {
        this.underWay.delete(one)
        return undefined
      })
    this.underWay.add(one)
  }
}
