import { describe, expect, it } from 'vitest'

import { MINIMUM_RATE } from '../../../../../src/lib/execution/reassign/throttle/entries.js'
import {
  recordedAuto,
  autoRecord,
} from '../../../../../src/lib/execution/reassign/throttle/auto/recorded-auto.js'
import { makeMove } from '../builders.js'
import { play } from '../scene.js'

const AUTO = { min: 2_000_000, max: 50_000_000, limits: { all: {}, brokers: {} } }

describe('moves under an automatic throttle', { timeout: 60_000 }, () => {
  it('start with the least where no limit is known, go faster while nothing hurts, and leave nothing', async () => {
    const settings = { throttleBytesPerSec: AUTO.min, autoThrottle: AUTO, stallMs: 600_000 }
    const played = await play({ copyMs: 60_000, settings })
    expect(played.report).toMatchObject({ exit: 'done', debts: [], differences: [] })
    const changes = played.notes.filter((text) => text.includes('->'))
    expect(changes[0]).toBe(
      'THROTTLE throttle 2.00 MB/s -> 3.00 MB/s: nothing hurts and there is room',
    )
    expect(changes.length).toBeGreaterThan(2)
    const rates = played.world.records.flatMap((record) =>
      record.type === 'throttle' && record.resource.type === 'broker'
        ? record.mine.split(',').map(Number)
        : [],
    )
    expect(Math.min(...rates)).toBeGreaterThan(MINIMUM_RATE)
    expect(Math.max(...rates)).toBeLessThan(AUTO.max * 1.04)
    expect(new Set(rates).size).toBeGreaterThan(2)
    expect(played.state.holdings.held.size).toBe(0)
  })

  it('do not hurt because the next one begins while the cluster is looked at', async () => {
    const settings = { throttleBytesPerSec: AUTO.min, autoThrottle: AUTO, stallMs: 600_000 }
    const moves = [0, 1, 2, 3].map((partition) => makeMove(partition, [1, 2], [1, 3]))
    const played = await play({ copyMs: 11_000, moves, settings })
    expect(played.report.exit).toBe('done')
    const changes = played.notes.filter((text) => text.includes('->'))
    expect(changes.length).toBeGreaterThan(2)
    expect(changes.filter((text) => !text.includes('nothing hurts'))).toEqual([])
  })

  it('stay at the least while limits are known and traffic cannot be measured', async () => {
    const limits = { all: { in: 40_000_000 }, brokers: {} }
    const autoThrottle = { ...AUTO, limits }
    const played = await play({
      copyMs: 20_000,
      settings: { throttleBytesPerSec: AUTO.min, autoThrottle },
    })
    expect(played.report.exit).toBe('done')
    expect(played.notes.filter((text) => text.includes('->'))).toEqual([])
    expect(played.notes.join('\n')).toContain('could not be measured, so it starts with the least')
  })

  it('keep their bounds and limits in the journal', () => {
    const auto = { ...AUTO, limits: { all: { in: 1 }, brokers: { '3': { out: 2 } } } }
    expect(recordedAuto(autoRecord(auto))).toEqual(auto)
    expect(recordedAuto(undefined)).toBeUndefined()
    expect(recordedAuto('auto')).toBeUndefined()
  })
})
