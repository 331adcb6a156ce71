import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { agreeWithKafka } from '../chaos/agreement.js'
import { runChaos } from '../chaos/chaos.js'
import { crashes } from '../chaos/faults/crashes.js'
import { deletedTopics } from '../chaos/faults/deleted-topics.js'
import { lostAnswers } from '../chaos/faults/lost-answers.js'
import { oldVersions } from '../chaos/faults/old-versions.js'
import { stalePlans } from '../chaos/faults/stale-plans.js'
import { World } from '../chaos/faults/world.js'
import type { LabMode } from '../lab/index.js'

const SEED = 7
const KILLS = 3
const MOVES = 60
/** Under a minute on a machine of its own; on a busy one it takes what it takes. */
const CHAOS_WITHIN_MS = 480_000

/**
 * The faults that are quick and certain enough for every run, one cluster for all of them; `npm run faults` has the
 * rest and the full numbers.
 */
export function describeFaults(mode: LabMode, basePort: number): void {
  describe(`an execution that survives (${mode})`, () => {
    let world: World
    let attempts = 0

    beforeAll(async () => {
      world = await World.open({ mode, basePort, seed: SEED, say: () => undefined })
    })
    beforeEach(() => world.clean())
    afterAll(() => world.close())

    it("runs what Kafka's own command proposes, which agrees that it is complete, and brings it back", async () => {
      await agreeWithKafka(world)
    })

    it.each([
      ['before its first request', crashes, 0],
      ['after a request whose answer it never saw', crashes, 5],
      ['behind a line of its journal', crashes, 45],
    ])('goes on after a kill %s', async (_where, fault, index) => {
      await fault.run(world, index)
    })

    it('does nothing twice when an answer is lost', async () => {
      await lostAnswers.run(world, 0)
    })

    it.each([
      ['deleted', 0],
      ['deleted and made again', 1],
      ['given another replication factor', 3],
    ])('leaves a topic alone that was %s since', async (_how, index) => {
      await stalePlans.run(world, index)
    })

    it(deletedTopics.what, async () => {
      await deletedTopics.run(world, 0)
    })

    it.each([0, 1])('works with old versions of the API, or says why not (%i)', async (index) => {
      await oldVersions.run(world, index)
    })

    it(
      `is killed ${KILLS} times among ${MOVES} moves, and ends as if nothing had happened`,
      async () => {
        attempts += 1
        const plan = { kills: KILLS, moves: MOVES, seed: SEED, topic: `chaos-${attempts}` }
        const said: string[] = []
        const say = (line: string): void => void said.push(line)
        const { violations, kills } = await runChaos({ lab: world.lab, ...plan, say })
        expect(violations, said.join('\n')).toEqual([])
        expect(kills).toBe(KILLS)
      },
      CHAOS_WITHIN_MS,
    )
  })
}
