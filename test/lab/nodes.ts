import { mkdirSync } from 'node:fs'
import { startChild } from './children.js'
import { agentOptions, javaCommand } from './java.js'
import { inside } from './network/network.js'
import { brokerName } from './names.js'
import type { BrokerLayout, LabLayout } from './options.js'
import type { ControllerLayout } from './controllers.js'
import { serviceRecord, startService } from './services.js'

/** Name under which the KRaft controller or ZooKeeper is recorded. */
const QUORUM_NAME = 'quorum'

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

/** Name under which the first KRaft controller or ZooKeeper is recorded: as a service it goes by its id. */
export function quorumRecord(lab: LabLayout): string {
  const [first] = lab.controllers
  return first === undefined || first.serviceDir === null ? QUORUM_NAME : serviceRecord(lab, first)
}

async function launchController(
  lab: LabLayout,
  jars: string,
  controller: ControllerLayout,
): Promise<void> {
  const command = javaCommand(lab, {
    jars,
    heapMb: 192,
    main: 'kafka.Kafka',
    args: [`${controller.dir}/server.properties`],
  })
  if (controller.serviceDir !== null) await startService(lab, controller, command)
  else await startChild(lab.dir, QUORUM_NAME, command, `${controller.dir}/server.log`)
}

/** Starts the KRaft controllers (their log dirs are formatted) or ZooKeeper. */
export async function launchQuorum(lab: LabLayout, jars: string): Promise<void> {
  if (lab.mode === 'kraft') {
    await Promise.all(lab.controllers.map((controller) => launchController(lab, jars, controller)))
    return
  }
  mkdirSync(lab.quorumDir, { recursive: true })
  const command = javaCommand(lab, {
    jars,
    heapMb: 128,
    main: 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
    args: [`${lab.quorumDir}/zookeeper.properties`],
  })
  await startChild(lab.dir, QUORUM_NAME, command, `${lab.quorumDir}/server.log`)
}
