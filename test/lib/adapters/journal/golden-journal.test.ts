import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { readLines } from '../../../../src/lib/adapters/journal/record-lines.js'
import { foldJournal } from '../../../../src/lib/execution/reassign/execution-state.js'
import { recordedSettings } from '../../../../src/lib/execution/reassign/recorded-options.js'
import { rollbackOfExecution } from '../../../../src/lib/execution/reassign/rollback-plan.js'

const path = new URL('golden/2026-11-20.journal', import.meta.url)

/** Written before leaders, reasons and `--on-trouble` were: these bytes are never to change. */
const readGolden = () => readLines(readFileSync(path), 'golden')

describe('a journal of the version of 2026-11-20', () => {
  it('is read whole, with the pace that was approved', () => {
    const { records, torn } = readGolden()
    expect([records.length, torn]).toEqual([12, false])
    const state = foldJournal(records)
    expect(state).toMatchObject({ ended: { outcome: 'finished' }, takenUp: { verb: 'resume' } })
    expect(recordedSettings(state!.options)).toEqual({
      throttleBytesPerSec: 5_000_000,
      autoThrottle: { min: 5_000_000, max: 80_000_000, limits: { all: {}, brokers: {} } },
      besideOthers: false,
      patienceMs: 60_000,
      stallMs: 300_000,
      limits: { inPerBroker: 2, outPerBroker: 2, partitions: 10, bytes: 1_000_000_000 },
    })
  })

  it('is rolled back by what it knows of leaders, and names the partition of which it knows nothing', () => {
    const { steps, findings } = rollbackOfExecution(foldJournal(readGolden().records)!)
    expect(steps).toMatchObject([
      { partition: 0, from: [3, 2], to: [1, 2] },
      { partition: 1, type: 'leader', to: 2 },
      { partition: 1, from: [2, 1], to: [1, 2], leader: 2 },
    ])
    expect(findings).toMatchObject([
      { code: 'LEADERS_NOT_RECORDED', partitions: ['orders-0'] },
      { code: 'LEADER_NOT_PREFERRED', partitions: ['orders-1'] },
    ])
  })
})
