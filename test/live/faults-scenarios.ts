import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'

import { agreeWithKafka } from '../chaos/agreement.js'
import { abortedMoves, onlyCopies } from '../chaos/faults/aborts.js'
import { crashes } from '../chaos/faults/crashes.js'
import { deletedTopics } from '../chaos/faults/deleted-topics.js'
import { dyingBrokers } from '../chaos/faults/dying-brokers.js'
import { failingAudits } from '../chaos/faults/failing-audits.js'
import type { Fault } from '../chaos/faults/fault.js'
import { foreignOperators } from '../chaos/faults/foreign-operators.js'
import { fullDisks } from '../chaos/faults/full-disks.js'
import { hangingBrokers } from '../chaos/faults/hanging-brokers.js'
import { heldLocks } from '../chaos/faults/held-locks.js'
import { leaderless } from '../chaos/faults/leaderless.js'
import { lostAnswers } from '../chaos/faults/lost-answers.js'
import { lostBystanders } from '../chaos/faults/lost-bystanders.js'
import { oldVersions } from '../chaos/faults/old-versions.js'
import { slices } from '../chaos/faults/slices.js'
import { slowLinks } from '../chaos/faults/slow-links.js'
import { stalePlans } from '../chaos/faults/stale-plans.js'
import { throttles } from '../chaos/faults/throttles.js'
import { World } from '../chaos/faults/world.js'
import type { LabMode } from '../lab/index.js'

const SEED = 7
/** What takes long, or has little to do with the mode, is shown in one of them. */
const IN_ONE_MODE: Readonly<Record<LabMode, readonly Fault[]>> = {
  kraft: [dyingBrokers, fullDisks, foreignOperators, slowLinks, heldLocks, failingAudits],
  zookeeper: [
    hangingBrokers,
    abortedMoves,
    onlyCopies,
    leaderless,
    throttles,
    lostBystanders,
    slices,
  ],
}

/** The quick ones of the faults, one cluster for all of them; `npm run faults` has the rest and the full numbers. */
export function describeFaults(mode: LabMode, basePort: number): void {
  describe(`an execution that survives (${mode})`, () => {
    let world: World

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

    it.each(IN_ONE_MODE[mode].map((fault) => [fault.what, fault] as const))(
      '%s',
      async (_what, fault) => {
        await fault.run(world, 0)
      },
    )
  })
}
