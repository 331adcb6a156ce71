import { formatBytesPerSec } from '../../units/format-quantity.js'
import type { LaggingMove } from './catching-up.js'

/** Rates are aimed at, and copies under them stay a little below: what is half as fast is held up by something else. */
const BOUND_BY_THROTTLE = 0.5

/** What is told of a move that never ends at the rate of now. */
export interface SlowCopy {
  readonly code: 'THROTTLE_TOO_LOW' | 'COPY_TOO_SLOW'
  readonly text: string
}

/** Says which partition grows faster than it is copied, by how much, and what helps. */
export function describeSlowCopy(
  { move, growsBytesPerSec, copiedBytesPerSec, copiedBesideBytesPerSec }: LaggingMove,
  throttleBytesPerSec: number | null,
): SlowCopy {
  const { key, adding } = move
  const copies = adding.length === 1 ? 'it is' : `its ${adding.length} new replicas are`
  const facts = `${key} grows by ${formatBytesPerSec(growsBytesPerSec)} and ${copies} copied at ${formatBytesPerSec(copiedBytesPerSec)}: what is left does not shrink`
  const isBound =
    throttleBytesPerSec !== null &&
    copiedBesideBytesPerSec >= throttleBytesPerSec * BOUND_BY_THROTTLE
  if (!isBound) {
    const text = `${facts}; no throttle of ours holds it up: links or disks of its brokers carry no more, or clients write too much`
    return { code: 'COPY_TOO_SLOW', text }
  }
  const more = formatBytesPerSec(2 * Math.max(growsBytesPerSec, throttleBytesPerSec))
  const text = `${facts} under a throttle of ${formatBytesPerSec(throttleBytesPerSec)}, so the move never ends; stop and resume with a higher --throttle, for example ${more}`
  return { code: 'THROTTLE_TOO_LOW', text }
}
