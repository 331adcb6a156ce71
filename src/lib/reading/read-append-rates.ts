import type { Clock } from '../ports/clock.js'
import type { ClusterReader } from '../ports/cluster-reader.js'

/** Log end offsets of everything that has a leader, by broker and partition. */
async function readEnds(reader: ClusterReader): Promise<ReadonlyMap<string, [number, number]>> {
  const { topics } = await reader.readMetadata()
  const led = topics.flatMap(({ name, partitions }) =>
    partitions.flatMap(({ id, leader }) =>
      leader === null ? [] : [{ topic: name, partition: id, leader }],
    ),
  )
  const answers = await reader.readOffsets(led, 'latest')
  return new Map(
    answers.flatMap((answer, index): [string, [number, number]][] => {
      const leader = led[index]?.leader
      if (!answer.ok || leader === undefined) return []
      return [[`${answer.topic}-${answer.partition}`, [leader, answer.offset]]]
    }),
  )
}

/** Records a second appended to the partitions that each broker leads, measured over an interval. */
export async function readAppendRates(
  reader: ClusterReader,
  clock: Clock,
  intervalMs: number,
): Promise<ReadonlyMap<number, number>> {
  const first = await readEnds(reader)
  const fromMs = clock.nowMs()
  await clock.sleep(intervalMs)
  const second = await readEnds(reader)
  const seconds = (clock.nowMs() - fromMs) / 1000
  const rates = new Map<number, number>()
  for (const [key, [leader, offset]] of second) {
    const before = first.get(key)?.[1] ?? offset
    rates.set(leader, (rates.get(leader) ?? 0) + Math.max(0, offset - before) / seconds)
  }
  return rates
}
