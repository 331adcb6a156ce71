import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openCollectionFinder } from '../../../src/lib/traffic/newest-collection.js'
import type { BrokerSample } from '../../../src/lib/traffic/sample.js'
import { toSamples } from '../../../src/lib/traffic/to-samples.js'
import { arbitrarySnapshot, trafficFor } from './arbitrary-snapshot.js'

const [snapshot] = fc.sample(arbitrarySnapshot, { numRuns: 1, seed: 3 })
const samples = toSamples(snapshot!, trafficFor(snapshot!))

const collection = (minute: number): readonly BrokerSample[] =>
  samples.map((sample) => ({ ...sample, fromMs: minute * 60_000, toMs: (minute + 1) * 60_000 }))

function newest(given: readonly BrokerSample[], atMs = Infinity): readonly number[] {
  const finder = openCollectionFinder(atMs)
  for (const sample of given) finder.add(sample)
  return finder.newest().map((sample) => sample.toMs / 60_000)
}

it('finds the newest collection that is whole, in any order of reading', () => {
  const all = [...collection(1), ...collection(2), ...collection(3).slice(1), ...collection(0)]
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (order) => {
      expect(newest(order)).toEqual([3, 3, 3])
    }),
  )
})

it('does not look beyond the moment that is asked for', () => {
  expect(newest([...collection(1), ...collection(2)], 2 * 60_000)).toEqual([2, 2, 2])
})

it('takes the fullest one when none is whole', () => {
  expect(newest([...collection(1).slice(1), ...collection(2).slice(2)])).toEqual([2, 2])
})

it('finds nothing in an empty topic', () => {
  expect(newest([])).toEqual([])
})
