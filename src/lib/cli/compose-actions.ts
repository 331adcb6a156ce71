import { tailLocal, tailTopic, type ActionTail } from '../adapters/journal/actions/action-tail.js'
import { OperatorError } from '../errors/operator-error.js'
import { openLocalJournals } from './compose-journal.js'
import type { ReadContext } from './read-context.js'

/** A log to be read, and the cluster that it is about; null when nobody can tell: then all clusters are shown. */
export interface OpenTail extends ActionTail {
  readonly clusterId: string | null
}

/** Where the log is read from. */
export interface TailChoice {
  readonly sinceMs: number
  readonly local: boolean
  readonly warn: (text: string) => void
}

/** Runs `use` with the actions topic where there is one, else with the journals of this host. */
export async function withActionTail<T>(
  context: ReadContext,
  { sinceMs, local, warn }: TailChoice,
  use: (tail: OpenTail) => Promise<T>,
): Promise<T> {
  const topic = local ? null : context.actionsTopic
  const clusterId = await clusterIdOf(context, topic === null)
  const here = { clusterId, next: tailLocal(openLocalJournals(), clusterId).next }
  if (topic === null) return use(here)
  return context.withRecordReader(async (reader) => {
    const tail = tailTopic(reader, topic, sinceMs)
    try {
      const first = await tail.next()
      return await use({ clusterId, next: once(first, tail.next) })
    } catch (error) {
      if (!(error instanceof OperatorError) || error.code !== 'TOPIC_NOT_FOUND') throw error
      warn(`There is no topic ${topic}: this is what the journals of this host say.`)
      return use(here)
    }
  })
}

/** The first answer is there already. */
function once<T>(first: T, next: () => Promise<T>): () => Promise<T> {
  let isFirst = true
  return () => {
    if (!isFirst) return next()
    isFirst = false
    return Promise.resolve(first)
  }
}

/** The log must be readable while the cluster that it is about is down: that is when it is wanted. */
async function clusterIdOf(context: ReadContext, isLocal: boolean): Promise<string | null> {
  if (context.expectedClusterId !== undefined) return context.expectedClusterId
  if (isLocal && context.clusterName === undefined) return null
  try {
    return await context.withReader(
      async (reader) => (await reader.readMetadata({ topics: [] })).clusterId,
    )
  } catch (error) {
    if (error instanceof OperatorError && error.exit === 'unreachable') return null
    throw error
  }
}
