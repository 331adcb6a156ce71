import { OperatorError } from '../../../errors/operator-error.js'
import type { Clock } from '../../../ports/clock.js'
import type { JournalRecord, StartedRecord, StoredJournal } from '../../../ports/journal.js'
import type { RecordReader } from '../../../ports/record-log.js'
import type { LocalJournals } from '../open-journal-store.js'
import { reconcile } from './reconcile.js'
import { readTopicExecutions, toStoredJournal, type TopicExecution } from './topic-executions.js'

/** Executions older than this are not looked for when nobody names them. */
const LIST_BACK_MS = 30 * 24 * 3_600_000

/** What a history reads from. */
export interface HistoryParts {
  readonly local: LocalJournals
  readonly topic: string
  readonly reader: RecordReader
  readonly clock: Clock
  /** Told once when the topic cannot be read, and the local journals have to do. */
  readonly warn: (text: string) => void
}

/** One execution as the local journal and the topic have it together. */
export interface Joined {
  readonly stored: StoredJournal | null
  /** Which records the topic has. */
  readonly known: ReadonlySet<number>
  /** Whether the local file is as it should be. */
  readonly isLocal: boolean
}

/** A journal of this host that the topic does not have as a whole. */
export interface Behind {
  readonly start: StartedRecord
  readonly records: readonly JournalRecord[]
  readonly known: ReadonlySet<number>
}

type Executions = ReadonlyMap<string, TopicExecution>
const NONE: Executions = new Map()

/** What was done on a cluster, by this host and by others, as far as the actions topic tells. */
export class TopicHistory {
  readonly #parts: HistoryParts
  #hasWarned = false

  constructor(parts: HistoryParts) {
    this.#parts = parts
  }

  /** The execution of a plan, from here or from elsewhere. `must`: a topic that cannot be read is an error. */
  async join(clusterId: string, planId: string, must: boolean): Promise<Joined> {
    const local = await this.#parts.local.read(clusterId, planId)
    const executions = await this.#read(clusterId, 0, must)
    return this.#put(local, ofPlan(executions, planId, local))
  }

  /** The execution of a plan as the topic has it; null when it has none. */
  async find(clusterId: string, planId: string, must: boolean): Promise<StoredJournal | null> {
    const found = ofPlan(await this.#read(clusterId, 0, must), planId, null)
    if (found === null) return null
    return this.#stored(found)
  }

  /** All journals of a cluster, the newest first: of this host, and of others as far as their start can be read. */
  async list(clusterId: string, must: boolean): Promise<readonly StoredJournal[]> {
    const { local, clock, topic } = this.#parts
    const journals = await local.list(clusterId)
    const executions = await this.#read(clusterId, clock.nowMs() - LIST_BACK_MS, must)
    const here = journals.map((journal) => {
      const same = executions.get(executionOf(journal) ?? '') ?? null
      return this.#put(journal, same).stored ?? journal
    })
    const ids = new Set(journals.map(executionOf))
    const elsewhere = [...executions.values()]
      .filter(({ executionId }) => !ids.has(executionId))
      .map((execution) => toStoredJournal(execution, topic))
      .filter((journal) => journal !== null)
    return [...here, ...elsewhere].sort((a, b) => (beganAt(a) > beganAt(b) ? -1 : 1))
  }

  /** Journals of this host of which the topic lacks something. Never throws. */
  async behind(clusterId: string): Promise<readonly Behind[]> {
    try {
      const { local, clock } = this.#parts
      const sinceMs = clock.nowMs() - LIST_BACK_MS
      const executions = await this.#read(clusterId, sinceMs, false)
      return (await local.list(clusterId)).flatMap(({ records }) => {
        const start = records[0]
        if (start?.type !== 'started' || Date.parse(start.at) < sinceMs) return []
        const known = executions.get(start.executionId)?.known ?? new Set<number>()
        return known.size < records.length ? [{ start, records, known }] : []
      })
    } catch {
      return []
    }
  }

  #put(local: StoredJournal | null, remote: TopicExecution | null): Joined {
    const known = remote?.known ?? new Set<number>()
    const stored = remote === null ? null : this.#stored(remote)
    if (local === null) return { stored, known, isLocal: false }
    if (stored === null) return { stored: local, known, isLocal: true }
    const { records, isLocal } = reconcile(local.records, stored.records)
    return { stored: { ...local, records }, known, isLocal }
  }

  /** One whose start is gone is still there: it must not be taken for one that never was. */
  #stored(execution: TopicExecution): StoredJournal {
    const { topic } = this.#parts
    const missing = execution.missing ?? 'its start'
    return (
      toStoredJournal(execution, topic) ?? {
        path: `topic ${topic}`,
        records: [],
        torn: false,
        missing,
      }
    )
  }

  async #read(clusterId: string, fromMs: number, must: boolean): Promise<Executions> {
    const { reader, topic } = this.#parts
    try {
      return await readTopicExecutions(reader, { topic, clusterId, fromMs: Math.max(0, fromMs) })
    } catch (error) {
      if (error instanceof OperatorError && error.code === 'TOPIC_NOT_FOUND') return NONE
      if (must) throw error
      const why = error instanceof Error ? error.message : String(error)
      if (!this.#hasWarned) {
        this.#parts.warn(`What other hosts did is not known, topic ${topic} cannot be read: ${why}`)
      }
      this.#hasWarned = true
      return NONE
    }
  }
}

function executionOf({ records }: StoredJournal): string | null {
  const start = records[0]
  return start?.type === 'started' ? start.executionId : null
}

const beganAt = ({ records }: StoredJournal): string => records[0]?.at ?? ''

/** The same execution as the local journal's; where there is none, the newest of the plan. */
function ofPlan(
  executions: Executions,
  planId: string,
  local: StoredJournal | null,
): TopicExecution | null {
  const own = local === null ? null : executionOf(local)
  if (own !== null) return executions.get(own) ?? null
  const ofIt = [...executions.values()].filter((one) => one.planId === planId)
  return (
    ofIt.sort((a, b) => ((a.records[0]?.at ?? '') > (b.records[0]?.at ?? '') ? -1 : 1))[0] ?? null
  )
}
