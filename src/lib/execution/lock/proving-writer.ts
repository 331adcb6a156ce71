import type { ClusterWriter } from '../../ports/cluster-writer.js'
import type { ClusterHold } from './hold-cluster.js'

/**
 * A writer that proves the lock by a round trip before each change. A process that was stopped for a while, and whose place
 * somebody else has taken meanwhile, finds that out before its next change and not after it.
 */
export function provingWriter(writer: ClusterWriter, hold: ClusterHold): ClusterWriter {
  return {
    submitReassignments: async (requests) => {
      await hold.prove()
      return writer.submitReassignments(requests)
    },
    electPreferredLeaders: async (partitions) => {
      await hold.prove()
      return writer.electPreferredLeaders(partitions)
    },
    alterConfigs: async (changes, options) => {
      await hold.prove()
      return writer.alterConfigs(changes, options)
    },
    createTopic: async (topic) => {
      await hold.prove()
      return writer.createTopic(topic)
    },
    close: () => writer.close(),
  }
}
