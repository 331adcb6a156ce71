import { describe, expect, it } from 'vitest'
import { checkHealth } from '../../../../src/lib/health/check-health.js'
import type { Snapshot } from '../../../../src/lib/model/snapshot.js'
import { describeStatus } from '../../../../src/lib/report/status/status-document.js'
import { renderStatus } from '../../../../src/lib/report/status/status-text.js'
import { plainStyle } from '../../../../src/lib/report/style.js'
import { broker, cluster, healthy, topic } from '../../health/cluster-builder.js'

const show = (snapshot: Snapshot, full = false): string =>
  renderStatus(describeStatus(snapshot, checkHealth(snapshot)), plainStyle, { full })

describe('the status screen', () => {
  it('shows identity, brokers and a clean bill in a few lines', () => {
    const logDirs = [{ path: '/data', totalBytes: 1e12, usableBytes: 25e10 }]
    const brokers = [broker(1, { logDirs }), broker(2), broker(3)]
    const topics = [topic('orders', [{ ...healthy(1, 2), sizeBytes: 5e9 }])]
    expect(show(cluster({ brokers, topics }))).toBe(
      [
        'Cluster idRtU6h9TruQ_XTdDDEtWw  KRaft, controller 1  2026-11-21 11:00:00 UTC',
        '3 brokers, 1 topic, 1 partition, 2 replicas, 10.0 GB',
        '',
        '  BROKER  ADDRESS      RACK  STATE              REPLICAS  LEADERS     SIZE           FREE  LOG DIRS',
        '       1  kafka1:9092  a     alive, controller         1        1  5.00 GB  250 GB (25 %)  1',
        '       2  kafka2:9092  b     alive                     1        0  5.00 GB              -  -',
        '       3  kafka3:9092  c     alive                     0        0      0 B              -  -',
        '',
        'Healthy: nothing found.',
      ].join('\n'),
    )
  })

  it('folds what would fill the screen, and unfolds it on request', () => {
    const moving = { replicas: [3, 1], isr: [1], leader: 1, adding: [3], removing: [1] }
    const topics = [
      topic(
        'orders',
        Array.from({ length: 40 }, () => moving),
      ),
    ]
    const folded = show(cluster({ topics }))
    expect(folded).toContain('orders-0  [3 1]  adding [3], removing [1]')
    expect(folded).toContain('and 32 more: --full')
    expect(folded).not.toContain('orders-39')
    expect(show(cluster({ topics }), true)).toContain('orders-39')
  })

  it('does not let a broker write escape sequences to the terminal', () => {
    const brokers = [broker(1, { rack: 'a\u001b[31m', host: 'kafka\u0007' }), broker(2), broker(3)]
    expect(show(cluster({ brokers }))).not.toContain('\u001b')
    expect(show(cluster({ brokers }))).not.toContain('\u0007')
  })

  it('says that an address is unknown, and how many brokers are alive', () => {
    const brokers = [broker(1), broker(2), broker(3, { host: '', port: 0, state: 'dead' })]
    const text = show(cluster({ brokers }))
    expect(text).toContain('2 of 3 brokers alive')
    expect(text).toMatch(/3 {2}unknown .* dead/)
  })
})
