import { OperatorError } from '../errors/operator-error.js'
import { foldRoll, type RollState } from '../execution/roll/roll-journal.js'
import { openLocalJournals } from './compose-journal.js'

/** The roll to go on with or look at: the one named, else the newest of the cluster that is not over. */
export async function findRoll(clusterId: string, planId: string | undefined): Promise<RollState> {
  const journals = await openLocalJournals().list(clusterId)
  const rolls = journals.flatMap(({ records }) => foldRoll(records) ?? [])
  const found =
    planId === undefined
      ? rolls.find((roll) => !roll.isOver)
      : rolls.find((roll) => roll.started.plan.id === planId)
  if (found !== undefined) return found
  throw new OperatorError({
    code: 'NO_ROLL',
    message:
      planId === undefined
        ? `no rolling restart of cluster ${clusterId} was begun on this host and left unfinished`
        : `roll ${planId} of cluster ${clusterId} was not run on this host`,
    nextSteps: ['klinic roll plan'],
    exit: 'usage',
  })
}
