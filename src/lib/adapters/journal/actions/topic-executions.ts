import { OperatorError } from '../../../errors/operator-error.js'
import type { ActionRecord } from '../../../ports/action-log.js'
import type { JournalRecord, StoredJournal } from '../../../ports/journal.js'
import type { RecordReader } from '../../../ports/record-log.js'
import { ActionAssembler } from './action-assembler.js'

/** One execution as the actions topic has it. */
export interface TopicExecution {
  readonly executionId: string
  readonly planId: string | null
  /** Records from 0 on, up to the first that is not there. */
  readonly records: readonly JournalRecord[]
  /** Which records of the journal the topic has. */
  readonly known: ReadonlySet<number>
  /** What is not there, as a sentence; null when it is whole so far. */
  readonly missing: string | null
}

/** What to read. */
export interface TopicRequest {
  readonly topic: string
  readonly clusterId: string
  readonly fromMs: number
}

interface Gathered {
  readonly planId: string | null
  readonly bySequence: Map<number, JournalRecord>
}

/**
 * The executions of one cluster in the actions topic, by execution id. Of a record that stands there twice the first
 * one counts. Throws what the reader throws; partitions without a leader make it throw too, for half a log proves nothing.
 */
export async function readTopicExecutions(
  reader: RecordReader,
  { topic, clusterId, fromMs }: TopicRequest,
): Promise<ReadonlyMap<string, TopicExecution>> {
  const prefix = `${clusterId}/`
  const assembler = new ActionAssembler()
  const gathered = new Map<string, Gathered>()
  const { unread = [] } = await reader.readRecords({ topic, fromMs }, ({ key, value }) => {
    if (key === null || !Buffer.from(key).toString('utf8').startsWith(prefix)) return
    const action = assembler.take(value)
    if (action !== null && action.kind !== 'note' && action.clusterId === clusterId) {
      gather(gathered, action)
    }
  })
  if (unread.length > 0) throw unreadable(topic)
  for (const [executionId, planId] of assembler.pieced) {
    if (!gathered.has(executionId)) gathered.set(executionId, { planId, bySequence: new Map() })
  }
  return new Map(
    [...gathered].map(([id, found]) => [id, toExecution(id, found, assembler.incomplete(id))]),
  )
}

function unreadable(topic: string): OperatorError {
  return new OperatorError({
    code: 'ACTIONS_TOPIC_UNREADABLE',
    message: `A partition of topic ${topic} has no leader: what other hosts did cannot be read.`,
    nextSteps: ['klinic cluster status'],
    exit: 'unreachable',
  })
}

function gather(gathered: Map<string, Gathered>, action: ActionRecord): void {
  const { executionId, planId, sequence, record } = action
  const of = gathered.get(executionId) ?? { planId, bySequence: new Map<number, JournalRecord>() }
  gathered.set(executionId, of)
  if (!of.bySequence.has(sequence)) of.bySequence.set(sequence, record)
}

function toExecution(
  executionId: string,
  { planId, bySequence }: Gathered,
  incomplete: readonly { readonly sequence: number; readonly text: string }[],
): TopicExecution {
  const records: JournalRecord[] = []
  for (let next = bySequence.get(0); next !== undefined; next = bySequence.get(records.length)) {
    records.push(next)
  }
  const last = Math.max(...bySequence.keys())
  const gap = records.length <= last ? `record ${records.length} of at least ${last + 1}` : null
  const pieces = incomplete.filter(({ sequence }) => !bySequence.has(sequence))
  const missing = pieces.length > 0 ? pieces.map(({ text }) => text).join(', ') : gap
  return { executionId, planId, records, known: new Set(bySequence.keys()), missing }
}

/** The same as a journal; null when its start is not there, for then nobody can tell what it was. */
export function toStoredJournal(
  { records, missing }: TopicExecution,
  topic: string,
): StoredJournal | null {
  if (records[0]?.type !== 'started') return null
  const stored = { path: `topic ${topic}`, records, torn: false }
  return missing === null ? stored : { ...stored, missing }
}
