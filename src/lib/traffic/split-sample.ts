import type { BrokerSample, TopicSample } from './sample.js'

/** Cuts topics into runs of at most so many replicas; a topic with more than that is cut within. */
function chunksOf(
  topics: readonly TopicSample[],
  most: number,
): readonly (readonly TopicSample[])[] {
  const chunks: TopicSample[][] = [[]]
  let room = most
  for (const topic of topics) {
    let from = 0
    do {
      if (room === 0) {
        chunks.push([])
        room = most
      }
      const replicas = topic.replicas.slice(from, from + room)
      chunks.at(-1)?.push({ ...topic, replicas })
      from += replicas.length
      room -= Math.max(1, replicas.length)
    } while (from < topic.replicas.length)
  }
  return chunks
}

/**
 * Splits a sample into parts with at most `maxReplicas` replicas each; every part repeats what the sample says of its
 * broker, and the remarks stay with the first.
 */
export function splitSample(sample: BrokerSample, maxReplicas: number): readonly BrokerSample[] {
  const chunks = chunksOf(sample.topics, Math.max(1, maxReplicas))
  return chunks.map((topics, part) => ({
    ...sample,
    part,
    parts: chunks.length,
    topics,
    remarks: part === 0 ? sample.remarks : null,
  }))
}
