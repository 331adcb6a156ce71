import type { Move } from './moves.js'

/** Topics of the moves, each once, sorted. */
export function orderedTopics(moves: readonly Move[]): readonly string[] {
  return [...new Set(moves.map(({ topic }) => topic))].sort()
}
