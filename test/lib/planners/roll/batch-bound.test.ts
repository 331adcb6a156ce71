import { describe, expect, it } from 'vitest'

import { lowerBoundOfBatches } from '../../../../src/lib/planners/roll/batch-bound.js'
import { BATCH_CASES, planCase } from '../../../bench/roll/batch-cases.js'

const candidates = [1, 2, 3, 4].map((id) => ({ id, group: id <= 2 ? 'a' : 'b' }))
const alone = { partitionsOf: new Map([1, 2, 3, 4].map((id) => [id, []])), allowance: [] }
const bound = (partitionsOf: Readonly<Record<number, number[]>>, allowance: readonly number[]) =>
  lowerBoundOfBatches(
    candidates.map(({ id }) => ({ id, group: '' })),
    {
      partitionsOf: new Map(Object.entries(partitionsOf).map(([id, of]) => [Number(id), of])),
      allowance,
    },
    4,
  )

describe('the least number of batches that a roll can need', () => {
  it('follows from how many may be down together, in each rack by itself', () => {
    expect(lowerBoundOfBatches(candidates, alone, 4)).toBe(2)
    expect(lowerBoundOfBatches(candidates, alone, 1)).toBe(4)
  })

  it('follows from one partition whose holders may only stop so many at a time', () => {
    expect(bound({ 1: [0], 2: [0], 3: [0], 4: [0] }, [2])).toBe(2)
  })

  it('follows from brokers each two of which share another partition', () => {
    expect(bound({ 1: [0, 1], 2: [0, 2], 3: [1, 2], 4: [] }, [1, 1, 1])).toBe(3)
  })

  it('does not count partitions that can spare two as something that keeps brokers apart', () => {
    expect(bound({ 1: [0, 1], 2: [0, 2], 3: [1, 2], 4: [] }, [2, 2, 2])).toBe(1)
  })
})

describe('the batches of clusters of 20 to 200 brokers', () => {
  const ratiosOf = (chosen: (name: string, together: number) => boolean) =>
    BATCH_CASES.filter(({ name, together }) => chosen(name, together)).map((one) => {
      const { batches, bound: least } = planCase(one)
      return batches / least
    })

  it('are as few as can be where replicas lie in three racks and restart rack by rack', () => {
    expect(new Set(ratiosOf((name) => name.includes('3 racks')))).toEqual(new Set([1]))
  })

  it('are at most half as many again as the bound while three brokers at most are down, wherever replicas lie', () => {
    expect(Math.max(...ratiosOf((_, together) => together === 3))).toBeLessThanOrEqual(1.5)
  })
})
