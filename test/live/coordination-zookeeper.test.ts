import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openKafkaCoordination } from '../../src/lib/adapters/kafka/coordination/open-kafka-coordination.js'
import { systemClock } from '../../src/lib/adapters/system/clock.js'
import { openZooKeeperCoordination } from '../../src/lib/adapters/zookeeper/coordination.js'
import { createTopic, startLab, type Lab } from '../lab/index.js'
import { ELSEWHERE, obeysTheContract } from './coordination-scenarios.js'
import { startFrameProxy } from './frame-proxy.js'
import { CONFIRMED, openHost, SLOWLY } from './hosts-support.js'
import { directory, fill, look, until } from './reassign-support.js'

const BASE_PORT = 21200
const PROXY_PORT = 21250

describe('coordination of a cluster with ZooKeeper', () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await startLab({
      mode: 'zookeeper',
      brokers: 2,
      racks: 2,
      basePort: BASE_PORT,
      logDirs: 1,
    })
  })
  afterAll(() => lab.down())

  const kafka = () => ({
    bootstrapServers: lab.bootstrapServers.split(','),
    clientId: 'klinic-test',
    connectTimeoutMs: 5000,
    requestTimeoutMs: 5000,
  })

  describe('on Kafka', () => {
    obeysTheContract(({ clusterId = lab.clusterId, witness = ELSEWHERE } = {}) => {
      const connection = kafka()
      return openKafkaCoordination({
        connection,
        stateConnection: connection,
        stateTopic: 'klinic.state',
        clusterId,
        clock: systemClock,
        witness,
      })
    })
  })

  describe('in ZooKeeper', () => {
    obeysTheContract(({ clusterId = lab.clusterId, witness = ELSEWHERE } = {}) =>
      openZooKeeperCoordination({
        connection: {
          connectString: lab.zookeeperConnect ?? '',
          sessionTimeoutMs: 10_000,
          operationTimeoutMs: 5000,
        },
        chroot: '/klinic',
        clusterId,
        witness,
      }),
    )
  })

  it('changes nothing more once the session of its lock is lost, and is gone on with', async () => {
    const passAll = (): boolean => false
    const [proxy, cluster] = await Promise.all([
      startFrameProxy(PROXY_PORT, BASE_PORT, passAll),
      look(lab.bootstrapServers),
    ])
    const [, chroot = ''] = /(\/.*)?$/.exec(lab.zookeeperConnect ?? '') ?? []
    const host = (port: number) =>
      openHost(lab.bootstrapServers, {
        state: directory,
        more: [
          `zookeeper: { connect: '127.0.0.1:${port}${chroot}' }`,
          'coordination: { kind: zookeeper }',
        ],
      })
    try {
      await createTopic(lab, 'orders', [[1], [1]])
      await fill(lab.bootstrapServers, 'orders', [0, 1], 5)
      const lists = [0, 1].map((partition) => ({ topic: 'orders', partition, replicas: [2] }))
      const file = await cluster.planFile('session.json', lists)
      const running = host(PROXY_PORT).start('reassign', 'execute', file, ...CONFIRMED, ...SLOWLY)
      await until('a move is under way', 120_000, async () => {
        if (running.child.exitCode !== null) throw new Error(running.stdout() + running.stderr())
        const said = running.stdout().includes('"movesUnderWay":1')
        return said && (await cluster.reader.readReassignments()).length > 0
      })
      await proxy.close()
      const ran = await running.ended
      expect([ran.code, ran.stdout]).toEqual([5, expect.stringContaining('"LOCK_LOST"')])
      expect((await cluster.state()).throttles).not.toEqual([])
      const resumed = await host(BASE_PORT).run('reassign', 'resume', ...CONFIRMED, '--json')
      expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0)
      expect(JSON.parse(resumed.stdout)).toMatchObject({ moves: { done: 2 } })
      expect((await cluster.state()).throttles).toEqual([])
    } finally {
      await Promise.all([proxy.close(), cluster.close()])
    }
  })
})
