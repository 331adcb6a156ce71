import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { agreeWithKafka } from '../chaos/agreement.js'
import { runChaos } from '../chaos/chaos.js'
import { crashes } from '../chaos/faults/crashes.js'
import { deletedTopics } from '../chaos/faults/deleted-topics.js'
import { lostAnswers } from '../chaos/faults/lost-answers.js'
import { oldVersions } from '../chaos/faults/old-versions.js'
import { slowLinks } from '../chaos/faults/slow-links.js'
import { stalePlans } from '../chaos/faults/stale-plans.js'
import { World } from '../chaos/faults/world.js'
import type { LabMode } from '../lab/index.js'

const SEED = 7
const KILLS = 3
const MOVES = 60

/**
 * The faults that are quick and certain enough for every run, one cluster for all of them; `npm run faults` has the
 * rest and the full numbers.
 */
export function describeFaults(mode: LabMode, basePort: number): void {
  describe(`an execution that survives (${mode})`, () => {
    let world: World

    beforeAll(async () => {
      world = await World.open({ mode, basePort, seed: SEED, say: () => undefined })
    })
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

    it.each([0, 1, 2])('does nothing twice when an answer is lost (%i)', async (index) => {
      await lostAnswers.run(world, index)
    })

    it.each([0, 1, 2, 3, 4, 5])('does not act on what has changed since (%i)', async (index) => {
      await stalePlans.run(world, index)
    })

    it(deletedTopics.what, async () => {
      await deletedTopics.run(world, 0)
    })

    it.each([0, 1])('works with old versions of the API, or says why not (%i)', async (index) => {
      await oldVersions.run(world, index)
    })

    it(slowLinks.what, async () => {
      await slowLinks.run(world, 0)
    })

    it(`is killed ${KILLS} times among ${MOVES} moves, and ends as if nothing had happened`, async () => {
      const options = { lab: world.lab, topic: 'chaos', kills: KILLS, moves: MOVES, seed: SEED }
      const { violations, kills } = await runChaos({ ...options, say: () => undefined })
      expect(violations).toEqual([])
      expect(kills).toBe(KILLS)
    })
  })
}
