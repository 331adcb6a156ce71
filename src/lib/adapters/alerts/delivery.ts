import pRetry, { AbortError } from 'p-retry'

/** How hard a channel tries. */
export interface DeliveryLimits {
  /** Longest wait for one attempt. */
  readonly timeoutMs: number
  /** Attempts after the first one. */
  readonly retries: number
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 5_000

/** A delivery that the other side refused for good: another attempt would be refused as well. */
export class RefusedDelivery extends Error {}

/** Attempts a delivery until it succeeds, is refused for good, or the retries are used up. */
export async function deliverWithRetries(
  limits: DeliveryLimits,
  attempt: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await pRetry(
    async () => {
      try {
        await attempt(AbortSignal.timeout(limits.timeoutMs))
      } catch (error) {
        const known = error instanceof Error ? error : new Error(String(error))
        if (known instanceof RefusedDelivery) throw new AbortError(known)
        // Of the retries' own rules only the number counts: they take a TypeError for a fault of the caller.
        throw new Error(known.message, { cause: error })
      }
    },
    {
      retries: limits.retries,
      minTimeout: FIRST_PAUSE_MS,
      maxTimeout: LONGEST_PAUSE_MS,
      factor: 3,
    },
  )
}
