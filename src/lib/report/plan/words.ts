import type { PlannedList } from '../../plan/diff-plans.js'
import type { PartitionStep, Plan } from '../../plan/plan.js'
import { formatBytes } from '../../units/format-quantity.js'
import { formatSeconds } from '../../units/format-seconds.js'

/** `1 replica`, `12 replicas`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

/** `2026-11-21 11:00:00 UTC` from ISO 8601. */
export function formatTime(iso: string): string {
  return iso.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')
}

/** How old something is, in the one unit that tells most: `3 min`, `2 h`, `5 d`. */
export function formatAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))} s`
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}

/** `[1 2 3]` */
export function formatList(replicas: readonly number[]): string {
  return `[${replicas.join(' ')}]`
}

/** `, led by 5` where another broker than the first of the list goes on leading; nothing otherwise. */
export function ledBy(change: PartitionStep | PlannedList): string {
  const leader = 'leader' in change ? change.leader : undefined
  return leader === undefined ? '' : `, led by ${leader}`
}

const lasting = ({ summary: { etaSeconds } }: Plan): string =>
  etaSeconds === undefined ? '' : ` in about ${formatSeconds(etaSeconds)}`

/** What the plan does, in one line with figures: `move 12 replicas (1.2 GB), change 3 leaders`. */
export function describeWork(plan: Plan): string {
  const { replicaMoves, leaderMoves, bytesToMove } = plan.summary
  const restarts = plan.steps.filter((step) => step.type === 'restart').length
  const shrinks = plan.steps.filter(
    (step) => step.type === 'reassign' && step.to.length < step.from.length,
  ).length
  const parts = [
    ...(replicaMoves === 0
      ? []
      : [`move ${count(replicaMoves, 'replica')} (${formatBytes(bytesToMove)})`]),
    ...(leaderMoves === 0 ? [] : [`change ${count(leaderMoves, 'leader')}`]),
    ...(shrinks === 0 ? [] : [`lower the replication factor of ${count(shrinks, 'partition')}`]),
    ...(restarts === 0 ? [] : [`restart ${count(restarts, 'broker')}${lasting(plan)}`]),
  ]
  if (parts.length > 0) return parts.join(', ')
  return plan.steps.length === 0
    ? 'nothing to do'
    : `reorder the replicas of ${count(plan.steps.length, 'partition')}`
}
