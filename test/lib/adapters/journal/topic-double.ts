import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import type { Clock } from '../../../../src/lib/ports/clock.js'
import type { NewRecord, RecordReader } from '../../../../src/lib/ports/record-log.js'
import { systemClock } from '../../../../src/lib/adapters/system/clock.js'

/** A topic in memory, with the faults that tests ask for. */
export class TopicDouble {
  readonly records: NewRecord[] = []
  exists = true
  /** How many appends fail from now on. */
  failing = 0
  /** Appends whose records arrive although their sender is told that they did not. */
  losingAnswers = 0
  appends = 0

  append = (records: readonly NewRecord[]): Promise<void> => {
    this.appends += 1
    if (!this.exists) return Promise.reject(noTopic())
    if (this.losingAnswers > 0) {
      this.losingAnswers -= 1
      this.records.push(...records)
      return Promise.reject(down())
    }
    if (this.failing > 0) {
      this.failing -= 1
      return Promise.reject(down())
    }
    this.records.push(...records)
    return Promise.resolve()
  }

  createTopic = (): Promise<void> => {
    this.exists = true
    return Promise.resolve()
  }

  reader(): RecordReader {
    return {
      readRecords: (_request, onRecord) => {
        if (!this.exists) return Promise.reject(noTopic())
        for (const [offset, { key, value }] of this.records.entries()) {
          onRecord({ partition: 0, offset, timestampMs: 0, key, value })
        }
        return Promise.resolve({ endOffsets: new Map([[0, this.records.length]]) })
      },
      close: () => Promise.resolve(),
    }
  }
}

/** The machine's clock, twenty times as fast where something is waited for. */
export const quickClock: Clock = {
  nowMs: () => systemClock.nowMs(),
  sleep: (ms, signal) => systemClock.sleep(ms / 20, signal),
}

function noTopic(): OperatorError {
  return new OperatorError({ code: 'TOPIC_NOT_FOUND', message: 'no such topic', exit: 'failed' })
}

function down(): OperatorError {
  return new OperatorError({ code: 'UNREACHABLE', message: 'no broker', exit: 'unreachable' })
}
