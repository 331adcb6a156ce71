import type { StateView } from '../../coordination/view-state.js'
import type { ExitName } from '../../errors/exit-codes.js'
import type { JudgedBroker } from '../../health/verdict/judge-broker.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { ReplaceReason } from '../../plan/replace-report.js'

/** Flags that lift an objection; each is written down when it was used. */
export type ReplaceLift = 'ignore-cooldown' | 'accept-data-loss' | 'accept-unavailable'

/** Something that stands in the way of a replacement. */
export interface Objection {
  /** Stable, for scripts. */
  readonly code: string
  readonly message: string
  readonly exit: ExitName
  readonly lift?: ReplaceLift
}

/** What is judged. */
export interface ReplacementCase {
  readonly broker: number
  readonly reason: ReplaceReason
  readonly snapshot: Snapshot
  readonly verdicts: ReadonlyMap<number, JudgedBroker>
  readonly state: Pick<StateView, 'maintenance' | 'cooldowns' | 'unreadable'>
}
