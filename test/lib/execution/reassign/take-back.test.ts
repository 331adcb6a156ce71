import { expect, it } from 'vitest'

import { Ledger } from '../../../../src/lib/execution/reassign/ledger.js'
import { TakeBack } from '../../../../src/lib/execution/reassign/take-back.js'
import type { ClusterReader } from '../../../../src/lib/ports/cluster-reader.js'
import { makeMove } from './builders.js'
import { stage } from './scene.js'
import { openProcess } from './simulated/ports.js'

it('asks for a min ISR that could not be read again, but not in every round, and not for one that it knows', async () => {
  const moves = [makeMove(0, [1, 2], [3, 2])]
  const world = stage({ moves })
  const process = openProcess(world, 0, false)
  const asked: number[] = []
  const readConfigs: ClusterReader['readConfigs'] = (resources, keys) => {
    asked.push(process.clock.nowMs() - begunMs)
    return process.reader.readConfigs(resources, keys)
  }
  const ports = {
    ...process,
    reader: { ...process.reader, readConfigs },
    stop: new AbortController().signal,
    onEvent: () => undefined,
  }
  const begunMs = ports.clock.nowMs()
  const ledger = new Ledger(moves, new Map([[0, { state: 'copying' }]]), ports)
  const takeBack = new TakeBack({ ports, ledger })
  world.cluster.denied.add('configs of topic orders')
  for (let round = 0; round < 10; round += 1) {
    await takeBack.learn(moves)
    await ports.clock.sleep(500)
  }
  expect(asked).toHaveLength(2)
  world.cluster.denied.clear()
  world.cluster.configs.set('topic orders min.insync.replicas', '1')
  for (let round = 0; round < 10; round += 1) {
    await takeBack.learn(moves)
    await ports.clock.sleep(2_000)
  }
  expect(asked).toHaveLength(3)
})
