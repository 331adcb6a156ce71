import { randomUUID } from 'node:crypto'

import { OperatorError } from '../../../errors/operator-error.js'
import type { Actor } from '../../../plan/actor.js'
import type { ActionStore, Journal, StartedRecord, StoredJournal } from '../../../ports/journal.js'
import type { LocalJournals } from '../open-journal-store.js'
import type { ActionSink } from './action-sink.js'
import { JournalMirror } from './journal-mirror.js'
import { assure, mirroredJournal } from './mirrored-journal.js'
import { actionOfNote, actionsOf } from './to-action.js'
import type { TopicHistory } from './topic-history.js'

/** What a mirrored store is made of. */
export interface MirroredStoreParts {
  readonly local: LocalJournals
  readonly history: TopicHistory
  readonly sink: ActionSink
  readonly actor: Actor
  readonly requireAudit: boolean
  readonly warn: (text: string) => void
}

/**
 * The journals of this host and, through the actions topic, those of others. What is written goes to the local file
 * first; an execution of another host gets a local file when this one goes on with it.
 */
export function openMirroredStore(parts: MirroredStoreParts): MirroredStore {
  const { local, history, requireAudit } = parts
  let catchingUp: Promise<void> | null = null
  return {
    ...local,
    ...readingStore(local, history, requireAudit),
    close: async () => {
      await Promise.race([catchingUp, parts.sink.clock.sleep(CATCH_UP_MS)])
      parts.sink.end()
    },
    create: async (first) => {
      await refuseExecutedElsewhere(parts, first)
      const journal = await local.create(first)
      const { mirror, journal: mirrored } = openMirror(parts, first, journal, NEW)
      if (requireAudit) {
        await assure(mirror, parts.sink).catch(async (error: unknown) => {
          await giveUp(parts, first, { mirror, journal })
          throw error
        })
      } else await mirror.settled(START_MS)
      catchingUp ??= catchUp(parts, first)
      return mirrored
    },
    reopen: async (clusterId, planId) => {
      const { stored, known, isLocal } = await history.join(clusterId, planId, requireAudit)
      const start = stored?.records[0]
      if (stored === null || start?.type !== 'started') return local.reopen(clusterId, planId)
      if (!isLocal) await local.restore(clusterId, planId, stored.records)
      const journal = await local.reopen(clusterId, planId)
      return openMirror(parts, start, journal, { known, length: stored.records.length }).journal
    },
    note: async (clusterId, record) => {
      await local.note(clusterId, record)
      const action = actionOfNote(clusterId, record, randomUUID())
      const isSent = await parts.sink.send([action])
      const { failure } = parts.sink
      if (!isSent && requireAudit && failure !== null) throw failure
    },
  }
}

/** What reads of journals are answered from: this host's files and the topic. */
export function readingStore(
  local: LocalJournals,
  history: TopicHistory,
  must = false,
): Pick<ActionStore, 'read' | 'list' | 'holder'> {
  return {
    holder: (clusterId) => local.holder(clusterId),
    read: async (clusterId, planId) => {
      const { stored } = await history.join(clusterId, planId, must)
      if (stored?.missing !== undefined) throw notWhole(planId, stored)
      return stored
    },
    list: (clusterId) => history.list(clusterId, must),
  }
}

interface Opened {
  readonly journal: Journal
  readonly mirror: JournalMirror
}

const NEW = { known: new Set<number>(), length: 1 }
/** How long a start may wait for the topic, which may have to be made first. */
const START_MS = 3_000
/** At the end of a run, for what earlier ones could not send. */
const CATCH_UP_MS = 3_000

/** A store that is closed when nothing more is written through it. */
export type MirroredStore = ActionStore & { close(): Promise<void> }

function openMirror(
  { local, sink, actor, requireAudit, warn }: MirroredStoreParts,
  start: StartedRecord,
  journal: Journal,
  state: { readonly known: ReadonlySet<number>; readonly length: number },
): Opened {
  const { cluster, id } = start.plan
  const mirror = new JournalMirror(sink, {
    ...state,
    load: async (from) => (await local.read(cluster.id, id))?.records.slice(from) ?? [],
    toAction: actionsOf(start, actor),
  })
  return {
    mirror,
    journal: mirroredJournal({ local: journal, mirror, sink, requireAudit, warn }),
  }
}

/**
 * Ends what was not begun, since the topic did not acknowledge its start. The plan stays one that was never executed, unless
 * the start is in the topic all the same, or nobody can say: others would see an execution then that never ends, so the
 * journal is kept and says that it has, and the topic follows it.
 */
async function giveUp(
  { local, history, sink }: MirroredStoreParts,
  { plan }: StartedRecord,
  { mirror, journal }: Opened,
): Promise<void> {
  const isKnown = await history.find(plan.cluster.id, plan.id, true).then(
    (found) => found !== null,
    () => true,
  )
  if (isKnown) {
    const at = new Date(sink.clock.nowMs()).toISOString()
    const message = 'not begun: the topic of actions did not acknowledge the start'
    const ended = { type: 'ended', at, outcome: 'cancelled', message } as const
    await journal.append([ended])
    mirror.push([ended])
  }
  await mirror.close(isKnown ? CATCH_UP_MS : 0)
  await journal.close()
  if (!isKnown) await local.discard(plan.cluster.id, plan.id)
}

async function refuseExecutedElsewhere(
  { history, requireAudit }: MirroredStoreParts,
  { plan }: StartedRecord,
): Promise<void> {
  const other = await history.find(plan.cluster.id, plan.id, requireAudit)
  if (other === null) return
  const start = other.records[0]
  const by = start?.type === 'started' ? `by ${start.actor.user}@${start.actor.host}` : 'elsewhere'
  const last = other.records.at(-1)
  const isOver = last?.type === 'ended' && ['finished', 'cancelled'].includes(last.outcome)
  throw new OperatorError({
    code: 'PLAN_ALREADY_EXECUTED',
    message: `Plan ${plan.id} was executed before, ${by}; a plan is carried out at most once.`,
    nextSteps: isOver
      ? ['make a new plan', 'klinic actions log']
      : [`klinic reassign resume ${plan.id}`, `klinic reassign cancel ${plan.id}`],
    exit: 'stale',
  })
}

function notWhole(planId: string, { path, missing }: StoredJournal): OperatorError {
  return new OperatorError({
    code: 'JOURNAL_INCOMPLETE',
    message: `The journal of plan ${planId} cannot be put together from ${path}: ${missing ?? ''} is missing.`,
    nextSteps: ['go on from the host that began it', 'klinic reassign status'],
    exit: 'badData',
  })
}

/** Sends what earlier runs of this host could not, behind the run that has just begun. */
async function catchUp(parts: MirroredStoreParts, { plan }: StartedRecord): Promise<void> {
  const { history, sink, actor } = parts
  for (const { start, records, known } of await history.behind(plan.cluster.id)) {
    if (start.plan.id === plan.id) continue
    const toAction = actionsOf(start, actor)
    const actions = records
      .map((record, sequence) => toAction(record, sequence))
      .filter(({ sequence }) => !known.has(sequence))
    if (!(await sink.send(actions))) return
  }
}
