import { describe, expect, it } from 'vitest'

import type { ClusterMetadata, ClusterReader } from '../../../src/lib/ports/cluster-reader.js'
import { readAppendRates } from '../../../src/lib/reading/read-append-rates.js'

const partition = (id: number, leader: number | null) => ({
  id,
  leader,
  replicas: [1, 2],
  isr: [1],
})

/** Two looks at two partitions: one of broker 1, one of broker 2, and one that nobody leads. */
function readerOf(looks: number[][]): ClusterReader {
  const partitions = [partition(0, 1), partition(1, 2), partition(2, null)]
  const metadata = { topics: [{ name: 't', partitions }] } as unknown as ClusterMetadata
  const reader: Pick<ClusterReader, 'readMetadata' | 'readOffsets'> = {
    readMetadata: () => Promise.resolve(metadata),
    readOffsets: (asked) => {
      const ends = looks.shift() ?? []
      return Promise.resolve(
        asked.map((one, index) => ({
          ...one,
          ok: true as const,
          offset: ends[index] ?? 0,
          timestampMs: -1,
        })),
      )
    },
  }
  return reader as ClusterReader
}

describe('append rates', () => {
  it('are records a second of what each broker leads, and nothing below zero', async () => {
    let now = 0
    const clock = { nowMs: () => now, sleep: (ms: number) => ((now += ms), Promise.resolve()) }
    const looks = [
      [100, 50],
      [200, 40],
    ]
    expect(await readAppendRates(readerOf(looks), clock, 10_000)).toEqual(
      new Map([
        [1, 10],
        [2, 0],
      ]),
    )
  })
})
