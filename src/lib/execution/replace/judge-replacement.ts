import { describeMaintenance } from '../../coordination/maintenance.js'
import type { JudgedBroker } from '../../health/verdict/judge-broker.js'
import { isBeingReassigned } from '../../model/partition-state.js'
import { judgeLosses } from './judge-losses.js'
import type { Objection, ReplaceLift, ReplacementCase } from './replacement-case.js'

/** Name of the cooldown between replacements in one cluster. */
export const REPLACE_COOLDOWN = 'broker-replace'

/** Everything that stands in the way, all together. */
export function judgeReplacement(work: ReplacementCase): readonly Objection[] {
  if (!work.verdicts.has(work.broker)) {
    const message = `broker ${work.broker} is not a broker of this cluster, and holds nothing of it`
    return [{ code: 'BROKER_UNKNOWN', message, exit: 'usage' }]
  }
  return [
    ...judgePause(work),
    ...judgeReason(work),
    ...judgeOthers(work),
    ...judgeFlight(work),
    ...judgeLosses(work),
  ]
}

function judgePause({ state, broker, reason }: ReplacementCase): readonly Objection[] {
  const objections: Objection[] = []
  const cooldown = state.cooldowns.get(REPLACE_COOLDOWN)
  if (cooldown !== undefined) {
    objections.push({
      code: 'IN_COOLDOWN',
      message: `${cooldown.reason} was begun at ${cooldown.since}; the next replacement may begin at ${cooldown.until}`,
      exit: 'tryLater',
      lift: 'ignore-cooldown',
    })
  }
  const { cluster, brokers } = state.maintenance
  const own = reason === 'maintenance' ? undefined : brokers.get(broker)
  const resting = cluster ?? own
  const unreadable = state.unreadable.find((key) => key.startsWith('maintenance/'))
  if (resting !== undefined || unreadable !== undefined) {
    const why =
      resting === undefined
        ? `${unreadable ?? ''} was written by another version of klinic`
        : describeMaintenance(resting)
    objections.push({ code: 'IN_MAINTENANCE', message: `in maintenance: ${why}`, exit: 'tryLater' })
  }
  return objections
}

const isWell = (judged: JudgedBroker | undefined, name: string): boolean =>
  judged?.signals.some((signal) => signal.name === name && signal.says === 'well') === true

const countIll = (judged: JudgedBroker | undefined): number =>
  judged?.signals.filter(({ says }) => says === 'ill').length ?? 0

function judgeReason({ broker, reason, verdicts }: ReplacementCase): readonly Objection[] {
  const judged = verdicts.get(broker)
  const text = judged?.text ?? `broker ${broker}`
  if (reason === 'dead') return judgeDeath(broker, judged, text)
  if (judged?.verdict !== 'dead') return []
  return [{ code: 'IS_DEAD', message: `${text}: say --reason dead`, exit: 'refused' }]
}

function judgeDeath(
  broker: number,
  judged: JudgedBroker | undefined,
  text: string,
): readonly Objection[] {
  if (isWell(judged, 'api') || isWell(judged, 'port')) {
    const message = `broker ${broker} is not dead, it answers (${text})`
    return [{ code: 'BROKER_ANSWERS', message, exit: 'refused' }]
  }
  if (judged?.verdict === 'restarting') {
    const message = `broker ${broker} may be restarting (${text})`
    return [{ code: 'MAY_BE_RESTARTING', message, exit: 'tryLater' }]
  }
  if (judged?.verdict === 'dead' && countIll(judged) >= 2) return []
  const message = `that broker ${broker} is dead takes two signals at least (${text})`
  return [{ code: 'NOT_PROVEN_DEAD', message, exit: 'refused' }]
}

/** A cluster that has lost one already is not the time to take another away. */
function judgeOthers({ broker, verdicts }: ReplacementCase): readonly Objection[] {
  const sick = [...verdicts.values()].filter(
    (judged) => judged.broker !== broker && judged.verdict !== 'alive' && judged.replicas > 0,
  )
  return sick.map(({ text }) => ({
    code: 'OTHERS_SICK',
    message: `another broker is not well: ${text}`,
    exit: 'refused',
  }))
}

function judgeFlight({ snapshot }: ReplacementCase): readonly Objection[] {
  const moving = snapshot.topics
    .flatMap(({ partitions }) => partitions)
    .filter((partition) => isBeingReassigned(partition)).length
  if (moving === 0) return []
  const message = `${moving} partition${moving === 1 ? ' is' : 's are'} being reassigned`
  return [{ code: 'REASSIGNMENT_IN_FLIGHT', message, exit: 'tryLater' }]
}

/** Objections that no flag lifts, and those that one did. */
export function applyLifts(
  objections: readonly Objection[],
  lifts: ReadonlySet<ReplaceLift>,
): { readonly standing: readonly Objection[]; readonly lifted: readonly Objection[] } {
  const isLifted = ({ lift }: Objection): boolean => lift !== undefined && lifts.has(lift)
  return {
    standing: objections.filter((objection) => !isLifted(objection)),
    lifted: objections.filter(isLifted),
  }
}
