import { setTimeout as sleep } from 'node:timers/promises'

import { countLines } from './journals.js'
import { wholeBetween, type Random } from './random.js'

/** When a command is killed: so long after its start, or when its journal has grown by so many lines. */
export type KillPoint =
  | { readonly kind: 'time'; readonly afterMs: number }
  | { readonly kind: 'lines'; readonly lines: number }

const LONGEST_MS = 6_000
const MOST_LINES = 90
const LOOK_EVERY_MS = 2

/** Half of the points in time, half in the work: either finds what the other does not. */
export function randomKillPoint(random: Random): KillPoint {
  return random() < 0.5
    ? { kind: 'time', afterMs: wholeBetween(random, 100, LONGEST_MS) }
    : { kind: 'lines', lines: wholeBetween(random, 1, MOST_LINES) }
}

/** Resolves at the point, or when the command has ended before it. */
export async function reach(
  point: KillPoint,
  journal: () => string | null,
  ended: Promise<unknown>,
): Promise<void> {
  const over = { now: false }
  void ended.then(() => (over.now = true))
  if (point.kind === 'time') {
    await Promise.race([sleep(point.afterMs), ended])
    return
  }
  const linesNow = (): number => countLines(journal() ?? '')
  const atStart = linesNow()
  while (!over.now && linesNow() - atStart < point.lines) await sleep(LOOK_EVERY_MS)
}
