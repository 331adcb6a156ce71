import { afterAll, beforeAll, describe } from 'vitest'

import { openKafkaCoordination } from '../../src/lib/adapters/kafka/coordination/open-kafka-coordination.js'
import { systemClock } from '../../src/lib/adapters/system/clock.js'
import { openZooKeeperCoordination } from '../../src/lib/adapters/zookeeper/coordination.js'
import { startLab, type Lab } from '../lab/index.js'
import { ELSEWHERE, obeysTheContract } from './coordination-scenarios.js'

const BASE_PORT = 21200

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
})
