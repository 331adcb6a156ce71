import { abortedMoves, onlyCopies } from './aborts.js'
import { failOvers, silentQuorum } from './controllers.js'
import { crashes } from './crashes.js'
import { deletedTopics } from './deleted-topics.js'
import { dyingBrokers } from './dying-brokers.js'
import { failingAudits } from './failing-audits.js'
import type { Fault } from './fault.js'
import { foreignOperators } from './foreign-operators.js'
import { fullDisks } from './full-disks.js'
import { hangingBrokers } from './hanging-brokers.js'
import { heldLocks } from './held-locks.js'
import { leaderless } from './leaderless.js'
import { lostAnswers } from './lost-answers.js'
import { lostBystanders } from './lost-bystanders.js'
import { oldVersions } from './old-versions.js'
import { slices } from './slices.js'
import { slowLinks } from './slow-links.js'
import { stalePlans } from './stale-plans.js'
import { throttles } from './throttles.js'

/** Every fault that a cluster of the lab can be given, in order. */
export const ALL_FAULTS: readonly Fault[] = [
  crashes,
  lostAnswers,
  dyingBrokers,
  hangingBrokers,
  abortedMoves,
  onlyCopies,
  fullDisks,
  foreignOperators,
  stalePlans,
  deletedTopics,
  leaderless,
  silentQuorum,
  failOvers,
  throttles,
  oldVersions,
  slowLinks,
  failingAudits,
  lostBystanders,
  slices,
  heldLocks,
]
