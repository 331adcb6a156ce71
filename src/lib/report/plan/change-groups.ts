import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Deferred, PartitionStep, Plan, Reason, RestartStep } from '../../plan/plan.js'
import { listAfter, listBefore, newReplicas } from '../../plan/step-lists.js'
import { formatBytes } from '../../units/format-quantity.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import { count, formatList, ledBy } from './words.js'

/** Rows with the same reason code, in the order of the plan. */
export interface ChangeGroup {
  readonly title: string
  readonly rows: readonly (readonly string[])[]
  /** Rows that are folded away. */
  readonly hidden: number
}

const SHOWN_ROWS = 10

function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

/** `[1 5* 3]`: replicas that are new stand with a star. */
function markNew(step: PartitionStep): string {
  const added = new Set(newReplicas(step))
  return `[${listAfter(step)
    .map((id) => (added.has(id) ? `${id}*` : String(id)))
    .join(' ')}]`
}

const sentence = (reason: Reason, gain: string | undefined): string =>
  sanitiseLine(gain === undefined ? reason.text : `${reason.text}; ${gain}`)

function stepRow(step: PartitionStep): readonly string[] {
  return [
    topicPartitionKey(step.topic, step.partition),
    `${formatList(listBefore(step))} -> ${markNew(step)}${ledBy(step)}`,
    step.bytesToMove === 0 ? '-' : formatBytes(step.bytesToMove),
    sentence(step.reason, step.gain),
  ]
}

function fold<T>(
  title: string,
  items: readonly T[],
  row: (item: T) => readonly string[],
  full: boolean,
) {
  const shown = full ? items : items.slice(0, SHOWN_ROWS)
  return { title, rows: shown.map(row), hidden: items.length - shown.length }
}

/** The changed partitions by reason: `OVER_OUT_LIMIT: 12 partitions, 3.1 GB`. */
export function changeGroups(plan: Plan, full: boolean): readonly ChangeGroup[] {
  const steps = plan.steps.filter((step) => step.type !== 'restart')
  return [...groupBy(steps, (step) => step.reason.code)].map(([code, group]) => {
    const bytes = group.reduce((sum, step) => sum + step.bytesToMove, 0)
    const size = bytes === 0 ? 'no data' : formatBytes(bytes)
    return fold(`${code}: ${count(group.length, 'step')}, ${size}`, group, stepRow, full)
  })
}

/** What was wanted and is left out, by reason, with the flag that lifts the rule. */
export function deferredGroups(plan: Plan, full: boolean): readonly ChangeGroup[] {
  const row = ({ subject, reason, override }: Deferred): readonly string[] => [
    sanitiseLine(subject),
    sanitiseLine(reason.text) + (override === undefined ? '' : ` (lifted by ${override})`),
  ]
  return [...groupBy(plan.deferred, ({ reason }) => reason.code)].map(([code, group]) =>
    fold(`${code}: ${group.length}`, group, row, full),
  )
}

/** What a stop takes away for a while: leaders, replicas, what no in-sync replica stands in for, and the thinnest ISR. */
function stopFigures(step: RestartStep): string {
  const { leaders, replicas, partitionsAtRisk, lowestIsrAfterStop } = step
  return [
    count(leaders, 'leader'),
    count(replicas, 'replica'),
    `${partitionsAtRisk} at risk`,
    ...(lowestIsrAfterStop === undefined ? [] : [`lowest ISR ${lowestIsrAfterStop}`]),
  ].join(', ')
}

/** The batches of a roll plan. */
export function restartGroups(plan: Plan, full: boolean): readonly ChangeGroup[] {
  const restarts = plan.steps.filter((step): step is RestartStep => step.type === 'restart')
  if (restarts.length === 0) return []
  const row = (step: RestartStep): readonly string[] => [
    `batch ${step.batch}`,
    `${step.role ?? 'broker'} ${step.broker}`,
    sanitiseLine(step.host),
    stopFigures(step),
    sanitiseLine(step.reason.text),
  ]
  return [fold(`Restarts: ${count(restarts.length, 'broker')}`, restarts, row, full)]
}
