import type { Memory } from '../health/memory/memory.js'

/** What this host remembers of clusters between runs; it never holds more than a few lines for each broker. */
export interface LocalMemory {
  /** Empty when there is none, or none that can be read. */
  read(clusterId: string): Promise<Memory>
  /** Replaces it whole or not at all; throws an OperatorError when that cannot be done. */
  write(clusterId: string, memory: Memory): Promise<void>
}
