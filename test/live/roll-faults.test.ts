import { afterAll, beforeAll, describe, it } from 'vitest'

import { QUICK_FAULTS } from '../roll/faults/all-faults.js'
import { RollWorld } from '../roll/faults/roll-world.js'

/** What goes wrong around a rolling restart, on one cluster; `npm run roll:faults` has the slow ones and the other mode. */
describe('a rolling restart that meets trouble', () => {
  let world: RollWorld

  beforeAll(async () => {
    world = await RollWorld.open('kraft', 27_300)
  })
  afterAll(() => world.close())

  it.each(QUICK_FAULTS.map((fault) => [fault.what, fault] as const))(
    '%s',
    async (_what, fault) => {
      try {
        await fault.run(world)
      } finally {
        await world.heal()
      }
    },
    300_000,
  )
})
