import type { Plan, ResourceBalance } from '../../plan/plan.js'
import { formatBytes } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'
import { describeWork, formatAge, formatTime } from './words.js'

/** How sure one can be of the figures: their window, statistic, source, age, and what the source cannot see. */
export function describeTraffic(plan: Plan): string {
  const { traffic } = plan
  if (traffic === undefined) return 'unknown: no figure of in and out stands behind this plan'
  const window = `${formatTime(traffic.from)} to ${formatTime(traffic.to)}`
  const age = Date.parse(plan.createdAt) - Date.parse(traffic.to)
  const old = age >= 60_000 ? `, ${formatAge(age)} before the plan` : ''
  const unseen =
    traffic.unseenShare === undefined
      ? ''
      : `; ${(traffic.unseenShare * 100).toFixed(1)} % of the out-traffic is unseen`
  return `${traffic.statistic} over ${window}${old}, source ${sanitiseLine(traffic.source)}${unseen}`
}

function describeBound(plan: Plan): string {
  const { lowerBoundBytes, bytesToMove, bytesAcrossRacks } = plan.summary
  const racks =
    bytesAcrossRacks === undefined || bytesAcrossRacks === 0
      ? ''
      : `; ${formatBytes(bytesAcrossRacks)} go to a rack that held no copy`
  if (lowerBoundBytes === undefined || lowerBoundBytes === 0) return racks
  const ratio = ` (this plan: ${(bytesToMove / lowerBoundBytes).toFixed(2)} times that)`
  return `${racks}; no plan for this goal can move less than ${formatBytes(lowerBoundBytes)}${ratio}`
}

function describeVerdict(plan: Plan): string {
  if (plan.outcome === 'changes') return describeWork(plan) + describeBound(plan)
  if (plan.outcome === 'refused') return 'refused, nothing was changed'
  // Something is to do that the plan cannot bring about.
  return plan.complete ? 'nothing to do' : 'no changes'
}

/** Where the reason stands why a plan is not all that was wanted. */
function whyUnfinished({ complete, outcome, deferred, findings }: Plan): string {
  if (complete || outcome === 'refused') return ''
  if (deferred.length > 0) return ' Not complete: see what is left out.'
  return findings.length > 0 ? ' Not complete: see the findings.' : ' Not complete.'
}

function balanceLine({ resource, maxOverMeanBefore, maxOverMeanAfter }: ResourceBalance): string {
  return `${resource} ${maxOverMeanBefore.toFixed(2)} -> ${maxOverMeanAfter.toFixed(2)}`
}

function knownBalance({ summary, traffic }: Plan): readonly ResourceBalance[] {
  const isKnown = ({ resource }: ResourceBalance): boolean =>
    traffic !== undefined || (resource !== 'in' && resource !== 'out')
  return (summary.balance ?? []).filter(isKnown)
}

function nameCluster({ cluster: { id, name } }: Plan): string {
  return sanitiseLine(name === undefined || name === id ? id : `${name} (${id})`)
}

/** First lines of a shown plan: object and verdict, work, where the numbers come from, how even it gets. */
export function planHeader(plan: Plan, style: Style, nowMs?: number): readonly string[] {
  const age = nowMs === undefined ? '' : ` (${formatAge(nowMs - Date.parse(plan.createdAt))} ago)`
  const balance = knownBalance(plan)
  const unfinished = whyUnfinished(plan)
  return [
    `${style.bold(`Plan ${plan.id}`)}: ${describeVerdict(plan)}.${unfinished === '' ? '' : style.yellow(unfinished)}`,
    `Cluster ${nameCluster(plan)}, as read ${formatTime(plan.createdAt)}${age}`,
    ...(plan.kind === 'roll' ? [] : [`Traffic: ${describeTraffic(plan)}`]),
    ...(plan.traffic?.notices ?? []).map((notice) => style.dim(`  ${sanitiseLine(notice)}`)),
    ...(balance.length === 0 || plan.outcome === 'refused'
      ? []
      : [`Busiest broker over the mean: ${balance.map(balanceLine).join(', ')}`]),
  ]
}
