import { formatBytesPerSec } from '../../units/format-quantity.js'
import { throttleNeeded, type LaggingMove } from './catching-up.js'

/** Rates are aimed at, and copies under them stay a little below: what is half as fast is held up by something else. */
const BOUND_BY_THROTTLE = 0.5

/** What is told of a move that never ends at the rate of now. */
export interface SlowCopy {
  readonly code: 'THROTTLE_TOO_LOW' | 'COPY_TOO_SLOW'
  readonly text: string
}

/** Says which partition grows faster than it is copied, by how much, and what helps. */
export function describeSlowCopy(
  { move, growsBytesPerSec, copiedBytesPerSec, sentBytesPerSec }: LaggingMove,
  throttleBytesPerSec: number | null,
): SlowCopy {
  const { key, adding } = move
  const facts = `clients write ${formatBytesPerSec(growsBytesPerSec)} to ${key}, and ${formatBytesPerSec(Math.max(0, copiedBytesPerSec))} of it arrive at broker ${adding.join(', ')}: what is left does not shrink`
  const isBound =
    throttleBytesPerSec !== null && sentBytesPerSec >= throttleBytesPerSec * BOUND_BY_THROTTLE
  if (!isBound) {
    const text = `${facts}; no throttle of ours holds it up: see what links and disks of its brokers carry, and their logs`
    return { code: 'COPY_TOO_SLOW', text }
  }
  const more = formatBytesPerSec(
    2 * Math.max(throttleNeeded(move, growsBytesPerSec), throttleBytesPerSec),
  )
  const text = `${facts} under a throttle of ${formatBytesPerSec(throttleBytesPerSec)}, so the move never ends; stop, and resume with a higher --throttle, for example ${more}`
  return { code: 'THROTTLE_TOO_LOW', text }
}
