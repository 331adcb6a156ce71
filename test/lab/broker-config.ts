import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type ControllerLayout, quorumVoters } from './controllers.js'
import type { BrokerLayout, LabLayout } from './options.js'
import { type Properties, toProperties } from './properties.js'
import { securityProperties } from './security/broker-security.js'

/** A random Kafka uuid: 16 bytes, base64url, not starting with a dash (tools would take it for a flag). */
export function randomKafkaId(): string {
  const id = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
  return id.startsWith('-') ? randomKafkaId() : id
}

function smallFootprint(brokers: number): Properties {
  const factor = Math.min(3, brokers)
  return {
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'num.recovery.threads.per.data.dir': 1,
    'log.cleaner.dedupe.buffer.size': 8_388_608,
    'offsets.topic.num.partitions': 5,
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.num.partitions': 2,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.leader.rebalance.enable': 'false',
    'auto.create.topics.enable': 'false',
    'unclean.leader.election.enable': 'false',
    'delete.topic.enable': 'true',
  }
}

function quorumProperties(lab: LabLayout, broker: BrokerLayout): Properties {
  if (lab.mode === 'zookeeper')
    return {
      'broker.id': broker.id,
      'reserved.broker.max.id': 100_000,
      'zookeeper.session.timeout.ms': 6_000,
      'zookeeper.connect': `${lab.quorumHost}:${lab.quorumPort}${lab.chroot}`,
    }
  return {
    'process.roles': 'broker',
    'node.id': broker.id,
    'controller.quorum.voters': quorumVoters(lab.quorumHost, lab.controllers),
    'controller.listener.names': 'CONTROLLER',
    'broker.heartbeat.interval.ms': 1_000,
  }
}

function listenerProperties(lab: LabLayout, broker: BrokerLayout): Properties {
  const name = lab.secured ? 'SASL_SSL' : 'PLAINTEXT'
  const controller = lab.mode === 'kraft' ? 'CONTROLLER:PLAINTEXT,' : ''
  return {
    listeners: `${name}://${broker.host}:${broker.port}`,
    'advertised.listeners': `${name}://${broker.host}:${broker.advertisedPort}`,
    'listener.security.protocol.map': `${controller}${name}:${name}`,
    'inter.broker.listener.name': name,
  }
}

/** Writes the folder of one broker: server.properties, log dirs and, for KRaft, their meta.properties. */
export function writeBroker(lab: LabLayout, broker: BrokerLayout): void {
  for (const logDir of broker.logDirs) {
    mkdirSync(logDir, { recursive: true })
    if (lab.mode === 'kraft') writeMetaProperties(lab, broker.id, logDir)
  }
  writeFileSync(
    `${broker.dir}/server.properties`,
    toProperties({
      ...quorumProperties(lab, broker),
      ...listenerProperties(lab, broker),
      'log.dirs': broker.logDirs.join(','),
      ...(broker.rack === null ? {} : { 'broker.rack': broker.rack }),
      ...smallFootprint(lab.brokers.length),
      ...(lab.secured ? securityProperties(lab) : {}),
      ...lab.brokerConfig,
    }),
  )
}

/** What `kafka-storage format` writes for a broker, without the two seconds of a JVM for each. */
function writeMetaProperties(lab: LabLayout, nodeId: number, logDir: string): void {
  writeFileSync(
    `${logDir}/meta.properties`,
    toProperties({
      version: 1,
      'cluster.id': lab.clusterId,
      'node.id': nodeId,
      'directory.id': randomKafkaId(),
    }),
  )
}

/** A separate KRaft controller: every broker can then be killed without losing the quorum. */
export function writeController(lab: LabLayout, controller: ControllerLayout): void {
  mkdirSync(controller.dir, { recursive: true })
  writeFileSync(
    `${controller.dir}/server.properties`,
    toProperties({
      'process.roles': 'controller',
      'node.id': controller.id,
      'controller.quorum.voters': quorumVoters(lab.quorumHost, lab.controllers),
      'controller.listener.names': 'CONTROLLER',
      listeners: `CONTROLLER://${lab.quorumHost}:${controller.port}`,
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
      'log.dirs': `${controller.dir}/log`,
      'broker.session.timeout.ms': 6_000,
      ...smallFootprint(lab.brokers.length),
      ...(lab.secured ? securityProperties(lab) : {}),
    }),
  )
}

/** The one ZooKeeper server. */
export function writeZookeeper(lab: LabLayout): void {
  mkdirSync(`${lab.quorumDir}/data`, { recursive: true })
  writeFileSync(
    `${lab.quorumDir}/zookeeper.properties`,
    toProperties({
      tickTime: 1000,
      dataDir: `${lab.quorumDir}/data`,
      clientPort: lab.quorumPort,
      clientPortAddress: lab.quorumHost,
      maxClientCnxns: 0,
      'admin.enableServer': 'false',
      '4lw.commands.whitelist': '*',
    }),
  )
}
