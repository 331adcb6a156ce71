import { formatBytesPerSec } from '../../units/format-quantity.js'
import { throttleNeeded, type LaggingMove } from './catching-up.js'

/** Rates are aimed at, and copies under them stay a little below: what is half as fast is held up by something else. */
const BOUND_BY_THROTTLE = 0.5

/** What is told of a move that never ends at the rate of now. */
export interface SlowCopy {
  readonly code: 'THROTTLE_TOO_LOW' | 'COPY_TOO_SLOW'
  readonly text: string
}

/** What brokers are held to. */
export interface ThrottleOfNow {
  readonly bytesPerSec: number | null
  /** Up to what it follows the cluster by itself; null for one that stays as it is. */
  readonly mostBytesPerSec: number | null
}

/** Says which partition grows faster than it is copied, by how much, and what helps. */
export function describeSlowCopy(
  slow: LaggingMove,
  { bytesPerSec, mostBytesPerSec }: ThrottleOfNow,
): SlowCopy {
  const { move, growsBytesPerSec, copiedBytesPerSec, sentBytesPerSec, followersInSync } = slow
  const { key, adding } = move
  const facts = `clients write ${formatBytesPerSec(growsBytesPerSec)} to ${key}, and ${formatBytesPerSec(Math.max(0, copiedBytesPerSec))} of it arrive at broker ${adding.join(', ')}: what is left does not shrink`
  const isBound = bytesPerSec !== null && sentBytesPerSec >= bytesPerSec * BOUND_BY_THROTTLE
  if (!isBound) {
    const text = `${facts}; no throttle of ours holds it up: see what links and disks of its brokers carry, and their logs`
    return { code: 'COPY_TOO_SLOW', text }
  }
  const needed = throttleNeeded(move, growsBytesPerSec, followersInSync)
  const help =
    mostBytesPerSec === null
      ? higherThrottle(needed, bytesPerSec)
      : higherLeast(needed, { bytesPerSec, mostBytesPerSec })
  return { code: 'THROTTLE_TOO_LOW', text: `${facts} ${help}` }
}

function higherThrottle(needed: number, bytesPerSec: number): string {
  const more = formatBytesPerSec(2 * Math.max(needed, bytesPerSec))
  return `under a throttle of ${formatBytesPerSec(bytesPerSec)}, so the move never ends; stop, and resume with a higher --throttle, for example ${more}`
}

/** An automatic throttle rises by itself, as far as brokers have something to spare. */
function higherLeast(
  needed: number,
  { bytesPerSec, mostBytesPerSec }: { readonly [K in keyof ThrottleOfNow]: number },
): string {
  const more = 2 * needed
  const bounds =
    more > mostBytesPerSec
      ? `--throttle-min and --throttle-max, for example both ${formatBytesPerSec(more)}`
      : `--throttle-min, for example ${formatBytesPerSec(more)}`
  return `under an automatic throttle that is at ${formatBytesPerSec(bytesPerSec)} now and goes up to ${formatBytesPerSec(mostBytesPerSec)}, so the move does not end before brokers can spare more; if that does not come, stop, and resume with a higher ${bounds}`
}
