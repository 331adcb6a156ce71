import { hostname, userInfo } from 'node:os'

import { openJournalStore, type LocalJournals } from '../adapters/journal/open-journal-store.js'
import { stateDirectory } from '../adapters/journal/state-directory.js'
import { OperatorError } from '../errors/operator-error.js'
import type { Actor } from '../plan/actor.js'
import type { ActionStore, JournalStore, NoteRecord } from '../ports/journal.js'
import type { ReadContext } from './read-context.js'
import type { WriteContext } from './write-context.js'

/** The journals and locks of this user on this host, without what the actions topic knows of others. */
export function openLocalJournals(): LocalJournals {
  return openJournalStore(stateDirectory(process.env))
}

/** How journals are kept. */
export interface JournalChoice {
  /** Told what the operator should know: that the topic cannot be written, or read. */
  readonly warn: (text: string) => void
  /** `--require-audit`: nothing is done before the actions topic has acknowledged that it will be. */
  readonly requireAudit?: boolean | undefined
}

/**
 * Runs `use` with journals that are kept on this host and, where an actions topic is configured, in that topic, which is
 * created on first use. Executions of other hosts are found through it.
 */
export async function withJournals<T>(
  context: WriteContext,
  { warn, requireAudit = false }: JournalChoice,
  use: (store: ActionStore) => Promise<T>,
): Promise<T> {
  const topic = context.actionsTopic
  const local = openLocalJournals()
  if (topic === null) return requireAudit ? refuseWithoutTopic() : use(local)
  const { openMirroredStore } = await import('../adapters/journal/actions/mirrored-store.js')
  const { ActionSink } = await import('../adapters/journal/actions/action-sink.js')
  const { TopicHistory } = await import('../adapters/journal/actions/topic-history.js')
  const { createActionsTopic } = await import('../adapters/journal/actions/actions-topic.js')
  const { clock } = context
  return context.withRecordReader((reader) =>
    context.withRecordWriter(async (writer) => {
      const sink = new ActionSink(topic, {
        createTopic: () =>
          context.withOperationsReader((metadata) =>
            context.withOperationsWriter((admin) => createActionsTopic(metadata, admin, topic)),
          ),
        append: (records) => writer.append(topic, records),
        clock,
        warn,
      })
      const history = new TopicHistory({ local, topic, reader, clock, warn })
      const actor = currentActor()
      const store = openMirroredStore({ local, history, sink, actor, requireAudit, warn })
      try {
        return await use(store)
      } finally {
        await store.close()
      }
    }),
  )
}

/** Runs `use` with the journals of this host and, through the actions topic, those of others; writes nothing. */
export async function withJournalsToRead<T>(
  context: ReadContext,
  { warn }: Pick<JournalChoice, 'warn'>,
  use: (store: Pick<JournalStore, 'read' | 'list' | 'holder'>) => Promise<T>,
): Promise<T> {
  const topic = context.actionsTopic
  const local = openLocalJournals()
  if (topic === null) return use(local)
  const { readingStore } = await import('../adapters/journal/actions/mirrored-store.js')
  const { TopicHistory } = await import('../adapters/journal/actions/topic-history.js')
  const { clock } = context
  return context.withRecordReader((reader) =>
    use(readingStore(local, new TopicHistory({ local, topic, reader, clock, warn }))),
  )
}

/** Writes down something that belongs to no execution. Never throws, unless an audit is required. */
export async function noteAction(
  context: WriteContext,
  choice: JournalChoice,
  {
    clusterId,
    ...note
  }: Omit<NoteRecord, 'type' | 'at' | 'actor'> & { readonly clusterId: string },
): Promise<void> {
  const at = new Date(context.clock.nowMs()).toISOString()
  try {
    await withJournals(context, choice, (store) =>
      store.note(clusterId, { type: 'note', at, actor: currentActor(), ...note }),
    )
  } catch (error) {
    if (choice.requireAudit === true) throw error
    choice.warn(`Not written down: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function refuseWithoutTopic(): never {
  throw new OperatorError({
    code: 'NO_ACTIONS_TOPIC',
    message:
      '--require-audit needs an actions topic, and with --bootstrap-server alone there is none.',
    nextSteps: ['name it with --actions-topic, or the cluster in klinic.yaml with --cluster'],
    exit: 'usage',
  })
}

/** Who runs this process. */
export function currentActor(): Actor {
  return { user: userName(), host: hostname(), pid: process.pid }
}

/** A container may run under an id that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 0}`
  }
}
