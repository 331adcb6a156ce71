import type { ExecutionState } from './execution-state.js'

/** A request whose answer was lost, or whose sender was killed, may be taken this much later, and no later. */
export const LATE_MS = 10_000

/**
 * Until when requests of earlier processes may still arrive, by step: Unix milliseconds. When another host has sent them, by
 * its clock, says nothing here: those may arrive until {@link LATE_MS} from now on. `host` is that of this process; null where
 * it is not known, and one clock is taken for all.
 */
export function doubtsOf(
  { sentAt }: Pick<ExecutionState, 'sentAt'>,
  host: string | null,
  nowMs: number,
): ReadonlyMap<number, number> {
  return new Map(
    [...sentAt].map(([step, sent]) => {
      const isHere = host === null || sent.host === host
      const atMs = isHere ? Math.min(Date.parse(sent.at), nowMs) : nowMs
      return [step, atMs + LATE_MS]
    }),
  )
}
