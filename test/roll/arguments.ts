import { parseArgs } from 'node:util'

import { parseModes, whole } from '../chaos/arguments.js'
import type { LabMode } from '../lab/index.js'

/** What `npm run roll:show`, `roll:kills` and `roll:faults` were told. */
export interface RollArguments {
  readonly modes: readonly LabMode[]
  readonly kills: number
  readonly seed: number
  readonly basePort: number
  /** How many plans are made for the claim on the controller. */
  readonly plans: number
  /** Names of faults; none: all. */
  readonly only: readonly string[]
}

/** Parses the arguments; throws with a sentence when one of them is not understood. */
export function parseRollArguments(argv: readonly string[]): RollArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      mode: { type: 'string', default: 'both' },
      kills: { type: 'string', default: '20' },
      plans: { type: 'string', default: '20' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      'base-port': { type: 'string', default: '27500' },
    },
  })
  return {
    modes: parseModes(values.mode),
    kills: whole('kills', values.kills),
    plans: whole('plans', values.plans),
    seed: whole('seed', values.seed),
    basePort: whole('base-port', values['base-port']),
    only: positionals,
  }
}
