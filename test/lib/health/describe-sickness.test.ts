import { describe, expect, it } from 'vitest'

import { describeSickness } from '../../../src/lib/health/describe-sickness.js'
import { describeSaved } from '../../../src/lib/report/status/saved-snapshot.js'
import { broker, cluster, healthy, topic } from './cluster-builder.js'

const sick = cluster({
  brokers: [broker(1), broker(2), broker(3, { state: 'dead' })],
  topics: [
    topic('lonely', [{ replicas: [3], isr: [3], leader: null }]),
    topic('orders', [{ replicas: [1, 3], isr: [1], leader: 1 }, healthy(1, 2)]),
  ],
})

describe('describeSickness', () => {
  it('names the partitions without a leader and those that lack replicas', () => {
    const text = describeSickness(sick).join('\n')
    expect(text).toContain('lonely-0')
    expect(text).toContain('orders-0')
    expect(text).not.toContain('orders-1')
  })

  it('is silent about a whole cluster', () => {
    expect(describeSickness(cluster({ topics: [topic('orders', [healthy(1, 2)])] }))).toEqual([])
  })

  it('stands in what a saved snapshot says of itself', () => {
    expect(describeSaved('now.json', sick).sick.join('\n')).toContain('lonely-0')
  })
})
