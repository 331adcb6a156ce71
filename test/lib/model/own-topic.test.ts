import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ownTopic } from '../../../src/lib/model/own-topic.js'

const topic = { name: 'klinic.stats', partitions: 3, configs: { 'cleanup.policy': 'delete' } }
const racked = (...racks: readonly (string | null)[]) =>
  racks.map((rack, index) => ({ id: index + 1, rack }))

describe('a topic of our own', () => {
  it('has three replicas on different racks, of which two must be in sync', () => {
    const made = ownTopic(topic, racked('a', 'a', 'b', 'b', 'c'))
    expect(made.assignment).toEqual([
      [1, 3, 5],
      [3, 5, 2],
      [5, 2, 4],
    ])
    expect(made.configs).toEqual({ 'cleanup.policy': 'delete', 'min.insync.replicas': '2' })
  })

  it('is as safe as two brokers allow, and lets one of them go down', () => {
    const made = ownTopic(topic, racked(null, null))
    expect(made.assignment).toEqual([
      [1, 2],
      [2, 1],
      [1, 2],
    ])
    expect(made.configs['min.insync.replicas']).toBe('1')
  })

  it('is on different brokers that live, on as many racks as there are', () => {
    const brokers = fc.uniqueArray(
      fc.record({ id: fc.nat(70_000), rack: fc.constantFrom('a', 'b', 'c', null) }),
      { selector: ({ id }) => id, minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(brokers, fc.integer({ min: 1, max: 6 }), (live, partitions) => {
        const rackOf = new Map(live.map(({ id, rack }) => [id, rack ?? `broker ${id}`]))
        const racks = new Set(rackOf.values()).size
        const { assignment } = ownTopic({ ...topic, partitions }, live)
        expect(assignment).toHaveLength(partitions)
        for (const list of assignment) {
          expect(list).toHaveLength(Math.min(3, live.length))
          expect(new Set(list).size).toBe(list.length)
          expect(new Set(list.map((id) => rackOf.get(id))).size).toBe(Math.min(list.length, racks))
        }
      }),
    )
  })
})
