import { describe, expect, it } from 'vitest'

import type { ExecutionProgress } from '../../../../src/lib/plan/execution-report.js'
import { progressLine, progressScreen } from '../../../../src/lib/report/execution/progress-text.js'

const figures: ExecutionProgress = {
  moves: 40,
  movesOver: 12,
  movesUnderWay: 1,
  bytesCopied: 1.2e9,
  bytesTotal: 4e9,
  bytesPerSec: 48.1e6,
  etaSeconds: 58,
  throttleBytesPerSec: 50e6,
  moving: [{ partition: 'orders-3', adding: [4], bytesCopied: 100e6, bytesTotal: 400e6 }],
}

describe('watching an execution', () => {
  it('tells moves, bytes, rate, throttle and estimate in one line', () => {
    expect(progressLine(figures)).toBe(
      '12 of 40 moves, 1.20 GB of 4.00 GB, 48.1 MB/s, throttle 50.0 MB/s, about 58 s left, 1 under way',
    )
  })

  it('shows on a terminal what each partition still lags behind', () => {
    const [line, head, row] = progressScreen(figures).split('\n')
    expect(line).toBe(progressLine(figures))
    expect(head).toMatch(/PARTITION +TO +COPIED +OF +LAG/)
    expect(row).toMatch(/orders-3 +4 +100 MB +400 MB +300 MB/)
    expect(progressScreen({ ...figures, moving: [] })).toBe(progressLine(figures))
  })
})
