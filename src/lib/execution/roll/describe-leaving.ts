import type { RollEvent } from './roll-deps.js'
import { MAY_BE_DOWN } from './roll-journal.js'

/** Follows the events of a roll, to say what it leaves behind when it is left at once; `connection` as flags have to say it. */
export function watchBrokersInHand(): {
  readonly see: (event: RollEvent) => void
  readonly describe: (planId: string, connection: string) => string
} {
  const inHand = new Set<number>()
  return {
    see: (event) => {
      if (event.type !== 'phase') return
      if (MAY_BE_DOWN.has(event.phase)) inHand.add(event.broker)
      else inHand.delete(event.broker)
    },
    describe: (planId, connection) => {
      const ids = [...inHand].toSorted((a, b) => a - b)
      const who = ids.length === 1 ? 'Broker' : 'Brokers'
      const down = ids.length === 0 ? '' : `${who} ${ids.join(', ')} may be down. `
      return `${down}Go on with: klinic roll resume ${planId}${connection}`
    },
  }
}
