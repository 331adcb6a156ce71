import type { Broker, Partition, Snapshot, Topic } from '../../../src/lib/model/snapshot.js'

/** Three live brokers on three racks, and whatever a test changes of that. */
export function cluster(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    format: 'klinic.snapshot/1',
    cluster: { id: 'idRtU6h9TruQ_XTdDDEtWw', metadata: 'kraft', controller: 1 },
    capturedAt: '2026-11-21T11:00:00.000Z',
    brokers: [broker(1), broker(2), broker(3)],
    topics: [],
    ...changes,
  }
}

export function broker(id: number, changes: Partial<Broker> = {}): Broker {
  const rack = ['a', 'b', 'c'][id - 1] ?? 'a'
  return { id, host: `kafka${id}`, port: 9092, rack, state: 'alive', ...changes }
}

/** A topic whose partitions are numbered in order. */
export function topic(
  name: string,
  partitions: readonly Omit<Partition, 'id'>[],
  minInsyncReplicas = 1,
): Topic {
  return {
    name,
    minInsyncReplicas,
    partitions: partitions.map((partition, id) => ({ id, ...partition })),
  }
}

/** In sync on all replicas and led by the first. */
export function healthy(...replicas: number[]): Omit<Partition, 'id'> {
  return { replicas, isr: replicas, leader: replicas[0] ?? null }
}
