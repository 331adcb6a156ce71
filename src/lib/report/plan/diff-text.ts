import type { PlanDiff, PlannedList } from '../../plan/diff-plans.js'
import { formatBytes } from '../../units/format-quantity.js'
import type { Style } from '../style.js'
import { count, formatList, ledBy } from './words.js'

const SHOWN = 20

const change = (list: PlannedList): string =>
  `${formatList(list.from)} -> ${formatList(list.to)}${ledBy(list)}`

const one = (list: PlannedList): string =>
  `${list.subject}  ${change(list)}  ${formatBytes(list.bytesToMove)}`

function section(
  title: string,
  lines: readonly string[],
  style: Style,
  full: boolean,
): string | null {
  if (lines.length === 0) return null
  const shown = full ? lines : lines.slice(0, SHOWN)
  const hidden = lines.length - shown.length
  return [
    style.bold(title),
    ...shown.map((line) => `  ${line}`),
    ...(hidden === 0 ? [] : [style.dim(`  ... ${hidden} more (--full)`)]),
  ].join('\n')
}

function figure({ figure: name, a, b }: PlanDiff['figures'][number]): string {
  const words: Readonly<Record<string, string>> = {
    replicaMoves: 'replica moves',
    leaderMoves: 'leader changes',
    bytesToMove: 'data to move',
  }
  const show = name === 'bytesToMove' ? formatBytes : String
  return `${words[name] ?? name} ${show(a)} -> ${show(b)}`
}

/** How two plans differ, for people: verdict and figures first, then partition by partition. */
export function renderPlanDiff(
  diff: PlanDiff,
  style: Style,
  options: { readonly full: boolean },
): string {
  const changed = diff.onlyInA.length + diff.onlyInB.length + diff.different.length
  const verdict =
    changed + diff.restarts.length === 0
      ? 'the same changes'
      : `${count(changed + diff.restarts.length, 'difference')}, ${diff.same} the same`
  const { full } = options
  return [
    `${style.bold(`${diff.a} -> ${diff.b}`)}: ${verdict}${diff.sameCluster ? '' : style.yellow(', for different clusters')}`,
    diff.figures.map(figure).join(', '),
    section(`Only in ${diff.a}: ${diff.onlyInA.length}`, diff.onlyInA.map(one), style, full),
    section(`Only in ${diff.b}: ${diff.onlyInB.length}`, diff.onlyInB.map(one), style, full),
    section(
      `Planned differently: ${diff.different.length}`,
      diff.different.map(({ subject, a, b }) => `${subject}  ${change(a)}, then ${change(b)}`),
      style,
      full,
    ),
    section(`Restarts: ${diff.restarts.length}`, diff.restarts, style, full),
  ]
    .filter((part) => part !== null)
    .join('\n')
}
