import type { Snapshot } from '../../../model/snapshot.js'
import type { StartedRecord } from '../../../ports/journal.js'
import { guardView } from './cluster-guards.js'
import type { Guard } from './guard.js'

const FLAG = '--ignore-partial-view'

/** What of the view has to be refused before an execution is taken up again: that rights are missing, and nothing else. */
export function hiddenView(snapshot: Snapshot): readonly Guard[] {
  return guardView({ snapshot }).filter(({ exit }) => exit === 'notAuthorised')
}

/** Whether the view was known to be partial, and accepted, when the execution began: its journal says so. */
export function liftedBefore({ options }: Pick<StartedRecord, 'options'>): boolean {
  const { lifted } = options
  return Array.isArray(lifted) && lifted.some((one) => String(one).endsWith(` ${FLAG}`))
}
