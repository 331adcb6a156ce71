import { plainStyle, type Style } from '../report/style.js'

/** What decides about colour on one stream. */
export interface ColourFacts {
  readonly isTty: boolean
  readonly noColorFlag: boolean
  readonly env: Readonly<Record<string, string | undefined>>
}

/** NO_COLOR (set and not empty), `--no-color`, TERM=dumb and anything but a terminal mean no colour; FORCE_COLOR loses. */
export function mayColour(facts: ColourFacts): boolean {
  const { env } = facts
  if (facts.noColorFlag || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  return facts.isTty
}

/** The style for one stream; chalk is loaded only when there is colour. */
export async function openStyle(coloured: boolean, width = plainStyle.width): Promise<Style> {
  if (!coloured) return { ...plainStyle, width }
  const { Chalk } = await import('chalk')
  const { bold, dim, red, green, yellow, cyan } = new Chalk({ level: 1 })
  return { bold, dim, red, green, yellow, cyan, width }
}
