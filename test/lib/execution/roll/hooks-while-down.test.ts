import { beforeEach, describe, expect, it } from 'vitest'

import { foldRoll } from '../../../../src/lib/execution/roll/roll-journal.js'
import type { HookRecord, JournalRecord, RestartPhase } from '../../../../src/lib/ports/journal.js'
import { World } from './world.js'

let world: World
const acts = () => world.log.filter((line) => /^(stop|start|pre-start|rollback) \d$/.test(line))

beforeEach(() => {
  world = new World()
})

describe('a hook that fails while the broker is down', () => {
  it('is undone by the rollback command before the broker is started', async () => {
    world.hooks.set('pre-start', 1).set('rollback', 0)
    world.onPreStartFailure = 'rollback'
    const { failure } = await world.run()
    expect(failure).toMatchObject({ code: 'HOOK_SAID_NO', exit: 'hookSaidNo' })
    expect(failure?.message).toContain(
      'the rollback command ended well, and the broker was started',
    )
    expect(acts()).toEqual(['stop 1', 'pre-start 1', 'pre-start 1', 'rollback 1', 'start 1'])
  })

  it('leaves the broker down when the rollback command fails too: nobody knows what would start', async () => {
    world.hooks.set('pre-start', 1).set('rollback', 2)
    world.onPreStartFailure = 'rollback'
    const { failure } = await world.run()
    expect(failure).toMatchObject({ code: 'HOOK_SAID_NO', exit: 'needsPerson' })
    expect(failure?.message).toMatch(
      /broker 1 is left down: .*pre-start.* exited 1.*rollback.* exited 2/,
    )
    expect(acts()).not.toContain('start 1')
  })

  it('stands in the journal with its exit code', async () => {
    world.hooks.set('post-stop', 0).set('pre-start', 3)
    await world.run()
    expect(world.log).toContain('stopped 1 post-stop=0')
    expect(world.log).toContain('pre-start 1 pre-start=3')
  })
})

describe('a resume of a broker that was stopped and not started', () => {
  const interrupted = new Map([[2, { pid: 1002, startTicks: '0' }]])
  const resume = (ranWell: readonly string[], refused: readonly string[], isStartBegun: boolean) =>
    world.run([[2]], undefined, interrupted, new Map([[2, { ranWell, refused, isStartBegun }]]))

  beforeEach(() => {
    world.hooks.set('pre-start', 0)
  })

  it('runs the hooks that had not run before it starts the broker', async () => {
    world.pids.delete(2)
    expect((await resume(['post-stop'], [], false)).failure).toBeNull()
    expect(acts()).toEqual(['pre-start 2', 'pre-start 2', 'start 2'])
  })

  it('does not run a hook again that had ended well, nor any once the start was begun', async () => {
    world.pids.delete(2)
    await resume(['pre-start'], [], false)
    world.pids.delete(2)
    await resume([], [], true)
    expect(acts()).toEqual(['start 2', 'start 2'])
  })

  it('restarts the broker once more when it was started although its hook had said no', async () => {
    world.pids.set(2, 4711)
    expect((await resume([], ['pre-start'], true)).failure).toBeNull()
    expect(acts()).toEqual(['stop 2', 'pre-start 2', 'pre-start 2', 'start 2'])
  })

  it('counts it as done when that hook was dropped since', async () => {
    world.hooks.clear()
    world.pids.set(2, 4711)
    expect((await resume([], ['pre-start'], true)).failure).toBeNull()
    expect(acts()).toEqual([])
    expect(world.log).toContain('done 2')
  })
})

describe('what a journal says of hooks', () => {
  const at = '2026-11-21T11:00:00.000Z'
  const started = {
    type: 'started',
    plan: { kind: 'roll', steps: [] },
    options: {},
  } as unknown as JournalRecord
  const enter = (phase: RestartPhase, hook?: HookRecord): JournalRecord => ({
    type: 'restart',
    at,
    broker: 2,
    phase,
    ...(hook === undefined ? {} : { hook }),
  })
  const hook = (name: string, exitCode: number): HookRecord => ({ name, exitCode, output: '' })
  const fold = (...records: readonly JournalRecord[]) =>
    foldRoll([started, enter('gate'), enter('stopping'), enter('stopped'), ...records])?.hooks.get(
      2,
    )

  it('counts the last word of each', () => {
    const failed = [enter('pre-start'), enter('pre-start', hook('pre-start', 1))]
    expect(fold(...failed)).toEqual({ ranWell: [], refused: ['pre-start'], isStartBegun: false })
    expect(fold(...failed, enter('pre-start', hook('pre-start', 0)), enter('starting'))).toEqual({
      ranWell: ['pre-start'],
      refused: [],
      isStartBegun: true,
    })
  })

  it('begins anew with each turn at the gate', () => {
    const record = enter('pre-start', hook('pre-start', 1))
    expect(fold(record, enter('starting'), enter('failed'), enter('gate'))).toEqual({
      ranWell: [],
      refused: [],
      isStartBegun: false,
    })
  })
})
