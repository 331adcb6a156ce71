import type { Capacity, Snapshot } from '../model/snapshot.js'

/** Capacities as configured: for all brokers, and for those that differ. Bytes per second and bytes. */
export interface ConfiguredCapacity extends CapacityFigures {
  readonly brokers?: Readonly<Record<string, CapacityFigures>> | undefined
}

interface CapacityFigures {
  readonly in?: number | undefined
  readonly out?: number | undefined
  readonly disk?: number | undefined
}

/** The snapshot with configured capacities; where none is configured, what the broker itself reported stays. */
export function applyConfiguredCapacity(
  snapshot: Snapshot,
  configured: ConfiguredCapacity,
): Snapshot {
  return {
    ...snapshot,
    brokers: snapshot.brokers.map((broker) => {
      const own = configured.brokers?.[String(broker.id)]
      const figures: Capacity = {
        ...broker.capacity,
        ...member('inBytesPerSec', own?.in ?? configured.in),
        ...member('outBytesPerSec', own?.out ?? configured.out),
        ...member('diskBytes', own?.disk ?? configured.disk),
      }
      return Object.keys(figures).length === 0 ? broker : { ...broker, capacity: figures }
    }),
  }
}

const member = (key: keyof Capacity, value: number | undefined): Capacity =>
  value === undefined ? {} : { [key]: value }
