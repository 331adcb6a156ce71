import { mkdirSync } from 'node:fs'
import { startChild } from './children.js'
import { agentOptions, javaCommand } from './java.js'
import { inside } from './network/network.js'
import { brokerName } from './names.js'
import type { BrokerLayout, LabLayout } from './options.js'
import { startService } from './services.js'

/** Name under which the KRaft controller or ZooKeeper is recorded. */
export const QUORUM_NAME = 'quorum'

/** Starts the JVM of a broker; it is not ready yet when this returns. */
export async function launchBroker(
  lab: LabLayout,
  jars: string,
  broker: BrokerLayout,
): Promise<void> {
  const command = javaCommand(lab, {
    jars,
    heapMb: lab.heapMb,
    main: 'kafka.Kafka',
    args: [`${broker.dir}/server.properties`],
    options: await agentOptions(lab, broker),
  })
  const words = [...inside(broker.place?.namespace ?? null), ...command]
  if (broker.serviceDir !== null) await startService(lab, broker, command)
  else await startChild(lab.dir, brokerName(broker.id), words, `${broker.dir}/server.log`)
}

/** Starts the KRaft controller (its log dir is formatted) or ZooKeeper. */
export async function launchQuorum(lab: LabLayout, jars: string): Promise<void> {
  mkdirSync(lab.quorumDir, { recursive: true })
  const kraft = lab.mode === 'kraft'
  const command = javaCommand(lab, {
    jars,
    heapMb: kraft ? 192 : 128,
    main: kraft ? 'kafka.Kafka' : 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
    args: [`${lab.quorumDir}/${kraft ? 'server' : 'zookeeper'}.properties`],
  })
  await startChild(lab.dir, QUORUM_NAME, command, `${lab.quorumDir}/server.log`)
}
