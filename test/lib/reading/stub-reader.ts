import { OperatorError } from '../../../src/lib/errors/operator-error.js'
import type { Clock } from '../../../src/lib/ports/clock.js'
import type {
  ClusterMetadata,
  ClusterReader,
  PartitionMetadata,
} from '../../../src/lib/ports/cluster-reader.js'

/** A clock that stands still; sleeping takes no time. */
export const stoppedClock: Clock = {
  nowMs: () => Date.parse('2026-11-21T11:00:00.000Z'),
  sleep: () => Promise.resolve(),
}

export const unreachable = (message: string): OperatorError =>
  new OperatorError({ code: 'TIMED_OUT', message, exit: 'unreachable' })

export function partition(
  id: number,
  replicas: number[],
  changes: Partial<PartitionMetadata> = {},
): PartitionMetadata {
  const leader = replicas[0] ?? null
  return { id, leader, leaderEpoch: 1, replicas, isr: replicas, offlineReplicas: [], ...changes }
}

/** Two brokers with one topic of one partition on both. */
export function metadata(changes: Partial<ClusterMetadata> = {}): ClusterMetadata {
  return {
    clusterId: 'idRtU6h9TruQ_XTdDDEtWw',
    mode: 'kraft',
    controllerId: 100,
    answeredBy: 1,
    brokers: [1, 2].map((id) => ({ id, host: `kafka${id}`, port: 9092, rack: `r${id}` })),
    fencedBrokerIds: [],
    topics: [{ name: 'orders', internal: false, partitions: [partition(0, [1, 2])] }],
    ...changes,
  }
}

/** Answers as a whole cluster would; each test replaces what it is about. */
export function stubReader(changes: Partial<ClusterReader> = {}): ClusterReader {
  const never = (): Promise<never> => Promise.reject(new Error('not asked for in this test'))
  return {
    readMetadata: () => Promise.resolve(metadata()),
    readReassignments: () => Promise.resolve([]),
    readConfigs: () => Promise.resolve([]),
    readLogDirs: (ids) =>
      Promise.resolve(
        ids.map((brokerId) => ({
          brokerId,
          ok: true as const,
          value: [
            {
              path: '/data',
              totalBytes: 1000,
              usableBytes: 400,
              replicas: [
                {
                  topic: 'orders',
                  partition: 0,
                  sizeBytes: 10 * brokerId,
                  offsetLag: 0,
                  future: false,
                },
              ],
            },
          ],
        })),
      ),
    readOffsets: never,
    readLogEnds: never,
    readGroups: never,
    readCommittedOffsets: never,
    readQuorum: () => Promise.resolve(null),
    pingBroker: never,
    close: () => Promise.resolve(),
    ...changes,
  }
}
