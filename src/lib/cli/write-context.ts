import type { ClusterWriter } from '../ports/cluster-writer.js'
import type { Coordination } from '../ports/coordination.js'
import type { RecordWriter } from '../ports/record-log.js'
import { closing, openContextParts, type ContextInput, type ReadContext } from './read-context.js'

/** A cluster that may be changed. Plan commands cannot import this module (a dependency rule). */
export interface WriteContext extends ReadContext {
  withWriter<T>(use: (writer: ClusterWriter) => Promise<T>): Promise<T>
  /** Appends to topics of ours: on the operations cluster where one is named. */
  withRecordWriter<T>(use: (writer: RecordWriter) => Promise<T>): Promise<T>
  /** A writer for the cluster that keeps our topics, to create them there. */
  withOperationsWriter<T>(use: (writer: ClusterWriter) => Promise<T>): Promise<T>
  /** The lock of the cluster over all hosts, and the state that outlives a run. */
  withCoordination<T>(
    clusterId: string,
    use: (coordination: Coordination) => Promise<T>,
  ): Promise<T>
}

/** Like `openReadContext`, with writers. The expected cluster id is checked before a writer is handed out. */
export async function openWriteContext(input: ContextInput): Promise<WriteContext> {
  const parts = await openContextParts(input)
  const { context } = parts
  return {
    ...context,
    withWriter: async (use) => {
      if (context.expectedClusterId !== undefined) await context.withReader(() => Promise.resolve())
      const { openKafkaWriter } = await import('../adapters/kafka/open-kafka-writer.js')
      return closing(openKafkaWriter(await parts.connection()), use)
    },
    withRecordWriter: async (use) => {
      const { openRecordWriter } = await import('../adapters/kafka/open-record-writer.js')
      return closing(await openRecordWriter(await parts.operationsConnection()), use)
    },
    withOperationsWriter: async (use) => {
      const { openKafkaWriter } = await import('../adapters/kafka/open-kafka-writer.js')
      return closing(openKafkaWriter(await parts.operationsConnection()), use)
    },
    withCoordination: async (clusterId, use) => {
      const { openCoordination } = await import('./compose-coordination.js')
      const { settings, clock } = context
      return closing(await openCoordination({ ...parts, settings, clock }, clusterId), use)
    },
  }
}
