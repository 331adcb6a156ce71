import { distance } from 'fastest-levenshtein'

/** The candidate nearest to what was typed, when it is near enough to be a slip of the fingers; else null. */
export function suggest(typed: string, candidates: readonly string[]): string | null {
  const limit = Math.max(2, Math.floor(typed.length / 3))
  let best: { candidate: string; cost: number } | null = null
  for (const candidate of candidates) {
    const cost = distance(typed.toLowerCase(), candidate.toLowerCase())
    if (cost <= limit && (best === null || cost < best.cost)) best = { candidate, cost }
  }
  return best?.candidate ?? null
}
