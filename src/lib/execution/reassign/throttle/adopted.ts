import type { JsonValue } from '../../../plan/plan.js'

const FLAG = '--adopt-throttles'

/** Whether an execution was begun under throttles of others, which it may replace while it runs. */
export function adoptsThrottles({ lifted }: Readonly<Record<string, JsonValue>>): boolean {
  if (!Array.isArray(lifted)) return false
  return lifted.some((text) => typeof text === 'string' && text.endsWith(FLAG))
}
