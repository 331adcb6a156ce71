import type { BrokerProbe, PortLook, ProbeTarget } from '../ports/broker-probe.js'
import type { Clock } from '../ports/clock.js'

/** A probe whose looks may be begun before anybody wants to know what they saw. */
export interface EarlyProbe extends BrokerProbe {
  /** The next look at this address takes what is seen from now on. */
  begin(target: ProbeTarget): void
}

interface Begun {
  readonly atMs: number
  readonly look: Promise<PortLook>
  readonly api: Promise<string | null>
}

/** What was seen longer ago belongs to another look at the cluster. */
const FRESH_MS = 15_000

const keyOf = ({ host, port }: ProbeTarget): string => `${host}:${port}`

/**
 * Lets the looks at slow brokers overlap with the reading that they are slow in: both end with a time-out, and one after
 * the other they would cost the sum. What was begun is taken once.
 */
export function lookEarly(probe: BrokerProbe, clock: Pick<Clock, 'nowMs'>): EarlyProbe {
  const begun = new Map<string, Begun>()
  const find = (target: ProbeTarget): Begun | undefined => {
    const found = begun.get(keyOf(target))
    return found !== undefined && clock.nowMs() - found.atMs <= FRESH_MS ? found : undefined
  }
  return {
    begin: (target) => {
      const look = probe.connect(target)
      const api = look.then(({ port }) => (port === 'open' ? probe.ask(target) : null))
      begun.set(keyOf(target), { atMs: clock.nowMs(), look, api })
    },
    connect: async (target) => {
      const found = find(target)
      if (found === undefined) return probe.connect(target)
      const look = await found.look
      // Nobody asks a closed port, so nobody would take the rest.
      if (look.port !== 'open') begun.delete(keyOf(target))
      return look
    },
    ask: async (target) => {
      const found = find(target)
      begun.delete(keyOf(target))
      return (await found?.api) ?? probe.ask(target)
    },
  }
}
