import { describe, expect, it } from 'vitest'

import { OperatorError } from '../../../../src/lib/errors/operator-error.js'
import { cancelSession } from '../../../../src/lib/execution/reassign/cancel.js'
import { foldJournal } from '../../../../src/lib/execution/reassign/execution-state.js'
import { at, playIn, stage, type Scene } from './scene.js'
import type { World } from './simulated/ports.js'

/** Plays a scene that is to fail, and returns how. */
async function failure(scene: Scene, world: World = stage(scene)): Promise<OperatorError> {
  const error: unknown = await playIn(world, scene).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof OperatorError)) throw new Error(`it did not fail: ${String(error)}`)
  return error
}

describe('rights that are taken away while a plan is carried out', () => {
  it('to see a topic end it within seconds, with the ACL, what goes on, and the way on', async () => {
    const incidents = [at(500, (cluster) => cluster.denied.add('orders'))]
    const scene: Scene = { incidents, copyMs: 60_000, settings: { stallMs: 600_000 } }
    const world = stage(scene)
    const error = await failure(scene, world)
    expect(error).toMatchObject({ exit: 'notAuthorised', code: 'RIGHTS_LOST' })
    expect(error.message).toContain('DESCRIBE on topic orders')
    expect(error.message).toContain('1 moves go on in the cluster')
    expect(error.message).toContain('orders-0')
    expect(error.nextSteps).toEqual([
      expect.stringContaining('--operation Describe --topic orders'),
      'klinic reassign status',
      'klinic reassign resume x',
    ])
    expect(world.elapsedMs()).toBeGreaterThan(5_000)
    expect(world.elapsedMs()).toBeLessThan(30_000)
    expect(foldJournal(world.records)?.ended?.outcome).toBe('failed')
  })

  it('to see the reassignments do the same', async () => {
    const incidents = [at(500, (cluster) => cluster.denied.add('cluster'))]
    const error = await failure({ incidents, copyMs: 60_000 })
    expect(error).toMatchObject({ exit: 'notAuthorised', code: 'RIGHTS_LOST' })
    expect(error.message).toContain('DESCRIBE on the cluster')
  })

  it('to log in end it at the first look: asking again may lock the account', async () => {
    const incidents = [at(500, (cluster) => cluster.denied.add('login'))]
    const world = stage({ incidents, copyMs: 60_000 })
    const error = await failure({ incidents, copyMs: 60_000 }, world)
    expect(error).toMatchObject({ exit: 'notAuthorised', code: 'NOT_AUTHORISED' })
    expect(error.message).toContain('refused the login')
    expect(world.elapsedMs()).toBeLessThan(5_000)
  })

  it('to read configs name DESCRIBE_CONFIGS, and not a way to move without a throttle', async () => {
    const prepare: Scene['prepare'] = (cluster) => cluster.denied.add('configs of topic orders')
    const error = await failure({ prepare })
    expect(error).toMatchObject({ exit: 'notAuthorised', code: 'THROTTLE_UNREADABLE' })
    expect(error.message).toContain('DESCRIBE_CONFIGS on topic orders')
    expect(error.nextSteps.join()).not.toContain('--throttle none')
  })

  it('for a moment only, because one broker has not learned of them yet, end nothing', async () => {
    const incidents = [
      at(500, (cluster) => cluster.denied.add('orders').add('cluster')),
      at(3_000, (cluster) => cluster.denied.clear()),
    ]
    const { report } = await playIn(stage({ incidents }), {})
    expect(report).toMatchObject({ exit: 'done', outcome: 'finished' })
  })

  it('end a cancel, too', async () => {
    const scene: Scene = { copyMs: 60_000, settings: { stallMs: 5_000 } }
    const world = stage(scene)
    await playIn(world, scene)
    world.cluster.denied.add('orders')
    const work: Scene['work'] = (session) => cancelSession(session, 'undo')
    const error = await failure({ ...scene, work }, world)
    expect(error).toMatchObject({ exit: 'notAuthorised', code: 'RIGHTS_LOST' })
  })
})
