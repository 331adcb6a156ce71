import { setTimeout as sleep } from 'node:timers/promises'

import { countLines } from './journals.js'
import { wholeBetween, type Random } from './random.js'

/**
 * When a command is killed: so long after its start, so long after its first journal line (the work has begun), or when
 * its journal has grown by so many lines.
 */
export type KillPoint =
  | { readonly kind: 'start' | 'work'; readonly afterMs: number }
  | { readonly kind: 'lines'; readonly lines: number }

const LONGEST_START_MS = 1_500
const LONGEST_WORK_MS = 5_000
const MOST_LINES = 90
const LOOK_EVERY_MS = 2

/** Some points before the work, and the rest in its midst, by time or by progress: each finds what others do not. */
export function randomKillPoint(random: Random): KillPoint {
  const kind = random()
  if (kind < 0.1) return { kind: 'start', afterMs: wholeBetween(random, 50, LONGEST_START_MS) }
  if (kind < 0.5) return { kind: 'work', afterMs: wholeBetween(random, 0, LONGEST_WORK_MS) }
  return { kind: 'lines', lines: wholeBetween(random, 1, MOST_LINES) }
}

/** The point in words. */
export function describePoint(point: KillPoint): string {
  if (point.kind === 'lines') return `${point.lines} journal lines`
  return `${point.afterMs} ms of ${point.kind === 'start' ? 'starting' : 'work'}`
}

/** Resolves at the point, or when the command has ended before it. */
export async function reach(
  point: KillPoint,
  journal: string,
  ended: Promise<unknown>,
): Promise<void> {
  const over = { now: false }
  void ended.then(() => (over.now = true))
  const atStart = countLines(journal)
  const lines = point.kind === 'lines' ? point.lines : point.kind === 'work' ? 1 : 0
  while (!over.now && countLines(journal) - atStart < lines) await sleep(LOOK_EVERY_MS)
  if (point.kind !== 'lines') await Promise.race([sleep(point.afterMs), ended])
}
