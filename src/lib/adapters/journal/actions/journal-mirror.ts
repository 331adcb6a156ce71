import type { ActionRecord } from '../../../ports/action-log.js'
import type { JournalRecord } from '../../../ports/journal.js'
import type { ActionSink } from './action-sink.js'

/** Kept in memory at most; what is beyond that is read from the local journal when its turn comes. */
const MAX_WAITING = 5_000
/** Sent in one go. */
const BATCH = 500
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

/** What a mirror needs to know of its journal. */
export interface MirroredJournal {
  /** Which records the topic has already. */
  readonly known: ReadonlySet<number>
  /** How many records the local journal has. */
  readonly length: number
  /** Reads records of the local journal from one on. */
  readonly load: (from: number) => Promise<readonly JournalRecord[]>
  readonly toAction: (record: JournalRecord, sequence: number) => ActionRecord
}

/** Sends the records of one journal to the topic, in order, behind the back of whoever writes them. */
export class JournalMirror {
  readonly #sink: ActionSink
  readonly #journal: MirroredJournal
  /** Next record to be sent, and how many there are. */
  #next: number
  #end: number
  /** Records from {@link #waitingFrom} on, without gaps up to the end. */
  #waiting: JournalRecord[] = []
  #waitingFrom: number
  /** Read back from the local journal, and not sent yet: reading it once for every batch would take the square of its length. */
  #readBack: readonly JournalRecord[] = []
  #readBackFrom = 0
  #isAtWork = false
  #attempts = 0
  readonly #closing = new AbortController()
  #listeners: (() => void)[] = []

  constructor(sink: ActionSink, journal: MirroredJournal) {
    this.#sink = sink
    this.#journal = journal
    let first = 0
    while (journal.known.has(first)) first += 1
    this.#next = Math.min(first, journal.length)
    this.#end = journal.length
    this.#waitingFrom = journal.length
    this.#wake()
  }

  /** Records that the topic has not acknowledged yet. */
  get unsent(): number {
    return this.#end - this.#next
  }

  /** Takes records that stand in the local journal now. */
  push(records: readonly JournalRecord[]): void {
    this.#waiting.push(...records)
    this.#end += records.length
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting = []
      this.#waitingFrom = this.#end
    }
    this.#wake()
  }

  /** Resolves with true when everything so far is acknowledged, with false after a failed attempt or the time given. */
  settled(withinMs: number): Promise<boolean> {
    const before = this.#attempts
    return this.#sent(withinMs, () => this.#attempts > before && this.#sink.failure !== null)
  }

  /** Sends what is left within the time given, then stops; returns how many records the topic does not have. */
  async close(withinMs: number): Promise<number> {
    await this.#sent(withinMs, () => false)
    this.#closing.abort()
    return this.unsent
  }

  async #sent(withinMs: number, isHopeless: () => boolean): Promise<boolean> {
    const over = new AbortController()
    let isLate = withinMs <= 0
    const timeout = this.#sink.clock.sleep(withinMs, over.signal).then(() => {
      isLate = true
    })
    while (this.unsent > 0 && !isLate && !isHopeless()) {
      await Promise.race([timeout, this.#changed()])
    }
    over.abort()
    return this.unsent === 0
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => this.#listeners.push(resolve))
  }

  #wake(): void {
    if (!this.#isAtWork) void this.#run()
  }

  async #run(): Promise<void> {
    this.#isAtWork = true
    let pauseMs = FIRST_PAUSE_MS
    while (this.unsent > 0 && !this.#closing.signal.aborted) {
      const isSent = await this.#sendSome()
      this.#attempts += 1
      for (const listener of this.#listeners.splice(0)) listener()
      if (isSent) pauseMs = FIRST_PAUSE_MS
      else {
        await this.#sink.clock.sleep(pauseMs, this.#closing.signal)
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      }
    }
    this.#isAtWork = false
  }

  async #sendSome(): Promise<boolean> {
    const records = await this.#take()
    const actions = records
      .map((record, index) => this.#journal.toAction(record, this.#next + index))
      .filter(({ sequence }) => !this.#journal.known.has(sequence))
    if (actions.length > 0 && !(await this.#sink.send(actions))) return false
    this.#next += records.length
    const sent = Math.max(0, this.#next - this.#waitingFrom)
    this.#waiting.splice(0, sent)
    this.#waitingFrom += sent
    return records.length > 0
  }

  async #take(): Promise<readonly JournalRecord[]> {
    if (this.#next >= this.#waitingFrom)
      return this.#waiting.slice(
        this.#next - this.#waitingFrom,
        this.#next - this.#waitingFrom + BATCH,
      )
    const count = Math.min(BATCH, this.#waitingFrom - this.#next)
    const readBack = this.#fromReadBack(count)
    if (readBack.length > 0) return readBack
    try {
      this.#readBack = (await this.#journal.load(this.#next)).slice(0, MAX_WAITING)
      this.#readBackFrom = this.#next
    } catch {
      this.#readBack = []
    }
    return this.#fromReadBack(count)
  }

  #fromReadBack(count: number): readonly JournalRecord[] {
    const from = this.#next - this.#readBackFrom
    return from < 0 ? [] : this.#readBack.slice(from, from + count)
  }
}
