import { OperatorError } from '../errors/operator-error.js'
import { foldRoll, type RollState } from '../execution/roll/roll-journal.js'
import type { JournalStore } from '../ports/journal.js'

/** The roll to go on with or look at: the one named, else the newest of the cluster that is not over. */
export async function findRoll(
  store: Pick<JournalStore, 'read' | 'list'>,
  clusterId: string,
  planId: string | undefined,
): Promise<RollState> {
  const found =
    planId === undefined
      ? await findUnfinished(store, clusterId)
      : foldRoll((await store.read(clusterId, planId))?.records ?? [])
  if (found !== null) return found
  throw new OperatorError({
    code: 'NO_ROLL',
    message:
      planId === undefined
        ? `no rolling restart of cluster ${clusterId} was begun and left unfinished`
        : `roll ${planId} of cluster ${clusterId} was not run`,
    nextSteps: ['klinic roll plan'],
    exit: 'usage',
  })
}

async function findUnfinished(
  store: Pick<JournalStore, 'list'>,
  clusterId: string,
): Promise<RollState | null> {
  const journals = await store.list(clusterId)
  const rolls = journals.flatMap(({ records }) => foldRoll(records) ?? [])
  return rolls.find((roll) => !roll.isOver) ?? null
}
