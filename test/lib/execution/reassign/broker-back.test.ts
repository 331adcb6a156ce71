import { describe, expect, it } from 'vitest'

import { makeMove } from './builders.js'
import { at, play, type Scene } from './scene.js'
import type { SimulatedCluster } from './simulated/cluster.js'

/** Broker 2 is dead, and its replicas go to broker 4, one after the other. */
const SCENE: Scene = {
  kind: 'heal',
  moves: [makeMove(0, [1, 2], [1, 4]), makeMove(1, [3, 2], [3, 4]), makeMove(2, [1, 2], [1, 4])],
  prepare: (cluster) => cluster.kill(2),
}
const comesBack = at(100, (cluster: SimulatedCluster) => cluster.start(2))

describe('a heal whose dead broker comes back meanwhile', () => {
  it('finishes what was begun, drops the rest, and is done', async () => {
    const { report, states, cluster, notes } = await play({ ...SCENE, incidents: [comesBack] })
    expect(states[0]).toBe('done')
    expect(states.at(-1)).toBe('skipped')
    expect(report).toMatchObject({ exit: 'done', outcome: 'finished' })
    const dropped = report.skipped.map(({ reason }) => reason?.code)
    expect(new Set(dropped)).toEqual(new Set(['BROKER_BACK']))
    expect(cluster.partition('orders', 2)?.replicas).toEqual([1, 2])
    expect(notes.join('\n')).toContain('broker 2 is back, so its replica stays')
  })

  it('heals everything while it stays away', async () => {
    const { report, states } = await play(SCENE)
    expect(states).toEqual(['done', 'done', 'done'])
    expect(report.exit).toBe('done')
  })

  it('drops nothing of a plan that is no heal, nor a raised replication factor', async () => {
    const balance = await play({ ...SCENE, kind: 'balance', incidents: [comesBack] })
    expect(balance.states).toEqual(['done', 'done', 'done'])
    const raised = { ...makeMove(0, [1, 3], [1, 3, 4]), changesReplicationFactor: true }
    const { states } = await play({ kind: 'heal', moves: [raised] })
    expect(states).toEqual(['done'])
  })
})
