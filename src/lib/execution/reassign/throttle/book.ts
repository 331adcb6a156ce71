import type { ReleaseRecord, ThrottleRecord } from '../../../ports/journal.js'
import { account, throttleId, type Holdings } from './held.js'

type Unstamped<T> = Omit<T, 'at'>
/** What is written of a throttle; the journal adds the time. */
export type ThrottleEntryRecord = Unstamped<ThrottleRecord> | Unstamped<ReleaseRecord>

/** What a book writes through. */
export interface BookPorts {
  /** Makes records durable before it resolves. */
  readonly record: (records: readonly ThrottleEntryRecord[]) => Promise<void>
}

/** What an execution holds and owes, kept in step with its journal: nothing counts before it is written. */
export class ThrottleBook {
  #holdings: Holdings
  readonly #ports: BookPorts
  /** What stood in lists before the first record of this process, by throttle id. */
  readonly #befores = new Map<string, string | null>()
  readonly #onRelease: (record: Unstamped<ReleaseRecord>) => void

  constructor(
    ports: BookPorts,
    holdings: Holdings,
    onRelease: (record: Unstamped<ReleaseRecord>) => void,
  ) {
    this.#ports = ports
    this.#holdings = holdings
    this.#onRelease = onRelease
  }

  get holdings(): Holdings {
    return this.#holdings
  }

  get befores(): ReadonlyMap<string, string | null> {
    return this.#befores
  }

  /** Writes records, all in one durable append. */
  async write(records: readonly ThrottleEntryRecord[]): Promise<void> {
    if (records.length === 0) return
    await this.#ports.record(records)
    for (const record of records) {
      this.#holdings = account(this.#holdings, { ...record, at: '' })
      const id = throttleId(record.resource, record.key)
      const isNew = record.type === 'throttle' && record.resource.type === 'topic'
      if (isNew && !this.#befores.has(id)) this.#befores.set(id, record.before)
      if (record.type === 'release' && record.outcome !== 'debt') this.#onRelease(record)
    }
  }
}
