import type { GroupHealth } from '../health/consumers/judge-group.js'

/** Says how consumer groups are doing: from Burrow, or from committed offsets. Never throws for a single group. */
export interface ConsumerHealthSource {
  check(groupIds: readonly string[]): Promise<readonly GroupHealth[]>
}
