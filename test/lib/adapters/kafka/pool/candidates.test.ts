import { expect, it } from 'vitest'

import { candidates } from '../../../../../src/lib/adapters/kafka/pool/candidates.js'

const brokersIn = (racks: readonly (string | null)[]) =>
  new Map(
    racks.map((rack, index) => [
      index + 1,
      { nodeId: index + 1, host: `b${index + 1}`, port: 9092, rack },
    ]),
  )

const order = (racks: readonly (string | null)[], entry = 'front'): string[] =>
  candidates({
    clusterId: 'c',
    mode: 'kraft',
    controllerId: null,
    brokers: brokersIn(racks),
    entry: { address: { host: entry, port: 9092 }, subject: entry },
  }).map(({ address }) => address.host)

it('asks one broker of each rack in turn, so that a lost rack is passed over', () => {
  expect(order(['a', 'a', 'b', 'b', 'c'])).toEqual(['front', 'b1', 'b3', 'b5', 'b2', 'b4'])
})

it('asks by id where no racks are known, and nobody twice', () => {
  expect(order([null, null, null], 'b2')).toEqual(['b2', 'b1', 'b3'])
})
