import { parseArgs } from 'node:util'

import type { LabMode } from '../lab/index.js'

/** What `npm run chaos -- …` was told. */
export interface ChaosArguments {
  readonly modes: readonly LabMode[]
  readonly kills: number
  readonly moves: number
  readonly seed: number
  readonly basePort: number
}

/** Parses the arguments; throws with a sentence when one of them is not understood. */
export function parseChaosArguments(argv: readonly string[]): ChaosArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      mode: { type: 'string', default: 'kraft' },
      kills: { type: 'string', default: '50' },
      moves: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      'base-port': { type: 'string', default: '25000' },
    },
  })
  return {
    modes: parseModes(values.mode),
    kills: whole('kills', values.kills),
    moves: whole('moves', values.moves),
    seed: whole('seed', values.seed),
    basePort: whole('base-port', values['base-port']),
  }
}

/** `kraft`, `zookeeper`, or `both`. */
export function parseModes(text: string): readonly LabMode[] {
  if (text === 'both') return ['kraft', 'zookeeper']
  if (text === 'kraft' || text === 'zookeeper') return [text]
  throw new Error(`--mode is kraft, zookeeper or both, not ${text}`)
}

/** A whole number, 0 or more. */
export function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} is a whole number, not ${text}`)
  return Number(text)
}
