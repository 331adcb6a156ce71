import type { ReplaceReport } from '../../plan/replace-report.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import type { Style } from '../style.js'

/** The end of a replacement for people; the output of the script stands below it as it came. */
export function renderReplacement(report: ReplaceReport, style: Style): string {
  const { exit, message, script, cooldownUntil } = report
  const head =
    exit === 'done' ? style.green(sanitiseLine(message)) : style.red(sanitiseLine(message))
  const output = script?.output.trimEnd() ?? ''
  return [
    head,
    ...(output === '' ? [] : output.split('\n').map((line) => `  | ${sanitiseLine(line)}`)),
    ...(script?.truncated === true ? ['  | … (cut off)'] : []),
    ...(cooldownUntil === null ? [] : [`No other broker of this cluster before ${cooldownUntil}.`]),
  ].join('\n')
}
