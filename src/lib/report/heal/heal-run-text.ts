import type { HealRunOutcome, HealRunReport } from '../../plan/heal-run-report.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'

const HEADS: Readonly<Record<HealRunOutcome, string>> = {
  healthy: 'Nothing to heal.',
  healed: 'Healed.',
  incomplete: 'Not healed whole.',
  'not-confident': 'Not confident: nothing was changed.',
  'too-early': 'Too early: nothing was changed.',
  cooldown: 'In its cooldown: nothing was changed.',
  'outside-window': 'No window is open: nothing was changed.',
  maintenance: 'In maintenance: nothing was changed.',
  locked: 'Somebody else works on the cluster: nothing was changed.',
}

function paint(outcome: HealRunOutcome, style: Style): string {
  const head = style.bold(HEADS[outcome])
  if (outcome === 'healthy' || outcome === 'healed') return style.green(head)
  return outcome === 'incomplete' || outcome === 'not-confident'
    ? style.red(head)
    : style.yellow(head)
}

/** The end of a heal run for people: what came of it and why, and what they have to know. */
export function renderHealRun(report: HealRunReport, style: Style): string {
  const { outcome, message, plan, causes, alerts } = report
  const file = plan?.file ?? null
  const told = alerts.filter(({ channel, delivered }) => delivered && channel === 'journal')
  return [
    paint(outcome, style),
    ...(outcome === 'healthy' ? [] : [`  ${sanitiseLine(message)}`]),
    ...causes.map(({ kind, message: text }) => sanitiseLine(`  ${kind}: ${text}`)),
    ...(file === null ? [] : [`  plan kept in ${sanitiseLine(file)}`]),
    ...told.map(({ event, kind, subject }) => sanitiseLine(`  told: ${event} ${kind} ${subject}`)),
  ].join('\n')
}
