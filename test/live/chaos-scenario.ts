import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { runChaos } from '../chaos/chaos.js'
import { startLab, type Lab, type LabMode } from '../lab/index.js'

const SEED = 7
const KILLS = 3
const MOVES = 60
/** Under a minute on a machine of its own; on a busy one it takes what it takes. */
const WITHIN_MS = 480_000

/** A small `npm run chaos` for every test run. */
export function describeChaos(mode: LabMode, basePort: number): void {
  describe(`an execution that is killed again and again (${mode})`, () => {
    let lab: Lab | null = null
    let attempts = 0

    beforeAll(async () => {
      lab = await startLab({ mode, brokers: 4, racks: 2, basePort, logDirs: 1 })
    })
    afterAll(async () => {
      await lab?.down()
    })

    it(
      `is killed ${KILLS} times among ${MOVES} moves, and ends as if nothing had happened`,
      async () => {
        attempts += 1
        const plan = { kills: KILLS, moves: MOVES, seed: SEED, topic: `chaos-${attempts}` }
        const said: string[] = []
        const { violations, kills } = await runChaos({
          lab: lab!,
          ...plan,
          say: (line) => void said.push(line),
        })
        expect(violations, said.join('\n')).toEqual([])
        expect(kills).toBe(KILLS)
      },
      WITHIN_MS,
    )
  })
}
