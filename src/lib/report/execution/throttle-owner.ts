import type { FoundThrottle } from '../../plan/reassign-status.js'

/** What is said of a rate that carries the mark of one of our executions, and that no journal here explains. */
export const OURS = 'perhaps of klinic on another host'

/** Our rates are whole kilobytes and end in a mark of 100 to 999, which nobody types by hand. */
export function looksLikeOurs({ resource, value, planId }: FoundThrottle): boolean {
  const rate = Number(value)
  return planId === null && resource === 'broker' && rate >= 1_000_000 && rate % 1000 >= 100
}
