import { childState } from './children.js'
import { randomKafkaId, writeBroker, writeController, writeZookeeper } from './broker-config.js'
import { connectTo } from './connect.js'
import { copyFormatted } from './controllers.js'
import { requireJava, resolveAgents, resolveKafka } from './jars.js'
import { runJava } from './java.js'
import { createLabFolder, destroyLab, sweepDeadLabs, writeState } from './lab-folder.js'
import { Lab } from './lab.js'
import { writeLogging } from './logging.js'
import { brokerName } from './names.js'
import { launchBroker, launchQuorum } from './nodes.js'
import { fetchMetadata } from './metadata.js'
import { requireNetworking } from './network/ip.js'
import { buildNetwork, limitCable } from './network/network.js'
import { type BrokerLayout, type LabLayout, type LabOptions, layOut } from './options.js'
import { isListening, waitListening, waitRegistered } from './probe.js'
import { createCertificates } from './security/certificates.js'
import { writeClientFiles } from './security/client-files.js'
import { ALL_USERS } from './security/credentials.js'
import { securityFiles } from './security/files.js'
import { writeZookeeperUsers } from './security/zookeeper-users.js'
import { startHosts } from './ssh/hosts.js'
import { startWatchdog } from './watchdog.js'

const START_TIMEOUT_MS = 120_000

/**
 * Starts a real cluster on loopback and waits until every broker answers and is registered. It ends with
 * `down()` or with this process, whichever comes first.
 */
export async function startLab(options: LabOptions, kept = false): Promise<Lab> {
  layOut(options, '', '') // throws before anything exists when options contradict each other
  await requireJava()
  if (options.network !== undefined) await requireNetworking()
  await sweepDeadLabs()
  const dir = createLabFolder()
  const layout = layOut(options, dir, randomKafkaId())
  writeState(layout, { kept, ready: false })
  const watchdog = startWatchdog(dir)
  const end = async (): Promise<void> => {
    await destroyLab(dir)
    await watchdog.release()
  }
  try {
    await refuseTakenPorts(layout)
    await startNetwork(layout, options)
    const jars = await resolveKafka(layout.version)
    if (options.jolokia || options.prometheus) await resolveAgents()
    await launchAll(layout, jars)
    await waitRegistered(layout, layout.brokers, {
      timeoutMs: START_TIMEOUT_MS,
      stillAlive: (broker) => childState(dir, brokerName(broker.id)) !== 'gone',
    })
    const running = { ...layout, clusterId: await readClusterId(layout) }
    writeState(running, { kept, ready: true })
    return new Lab(running, jars, end)
  } catch (error) {
    await end()
    throw error
  }
}

async function refuseTakenPorts(layout: LabLayout): Promise<void> {
  const onLoopback = layout.brokers.filter(({ place }) => place === null)
  const ports = [
    layout.quorumPort,
    ...layout.controllers.flatMap((controller) => [controller.port, controller.sshPort]),
    ...onLoopback.flatMap((broker) => [
      broker.port,
      broker.jolokiaPort,
      broker.prometheusPort,
      broker.sshPort,
    ]),
  ]
  for (const port of ports)
    if (port !== null && (await isListening(port)))
      throw new Error(`port ${port} is taken; choose another base port for the lab`)
}

async function startNetwork(layout: LabLayout, { network }: LabOptions): Promise<void> {
  if (layout.network === null) return
  const places = layout.brokers.map(({ place }) => place).filter((place) => place !== null)
  await buildNetwork(layout.network, places)
  const limits = network?.limits
  for (const { id, place } of layout.brokers) {
    const limit = typeof limits === 'number' ? limits : limits?.[id]
    if (place !== null && limit !== undefined) await limitCable(place, limit)
  }
}

async function launchAll(layout: LabLayout, jars: string): Promise<void> {
  writeLogging(layout.dir)
  if (layout.secured) await prepareSecurity(layout)
  await startHosts(layout)
  if (layout.mode === 'zookeeper') {
    writeZookeeper(layout)
    await launchQuorum(layout, jars)
    for (const broker of layout.brokers) writeBroker(layout, broker)
    await waitListening(layout.quorumPort, START_TIMEOUT_MS, layout.quorumHost)
    if (layout.secured) await writeZookeeperUsers(layout)
    await Promise.all(layout.brokers.map((broker) => launchBroker(layout, jars, broker)))
    return
  }
  for (const controller of layout.controllers) writeController(layout, controller)
  for (const broker of layout.brokers) writeBroker(layout, broker)
  await Promise.all([
    formatControllers(layout, jars).then(() => launchQuorum(layout, jars)),
    ...layout.brokers.map((broker) => launchBroker(layout, jars, broker)),
  ])
}

async function formatControllers(layout: LabLayout, jars: string): Promise<void> {
  await runJava(layout, jars, 'kafka.tools.StorageTool', [
    'format',
    '--cluster-id',
    layout.clusterId,
    '--config',
    `${layout.quorumDir}/server.properties`,
    ...(layout.secured ? ALL_USERS : []).flatMap(({ username, password }) => [
      '--add-scram',
      `SCRAM-SHA-512=[name=${username},password=${password}]`,
    ]),
  ])
  const [first, ...others] = layout.controllers
  if (first !== undefined) for (const other of others) copyFormatted(first, other, randomKafkaId())
}

async function prepareSecurity(layout: LabLayout): Promise<void> {
  const files = securityFiles(layout.dir)
  await createCertificates(files)
  writeClientFiles(files)
}

function firstOf({ brokers }: LabLayout): BrokerLayout {
  const [first] = brokers
  if (first === undefined) throw new Error('a lab has at least one broker')
  return first
}

/** With ZooKeeper the first broker makes up the cluster's id. */
async function readClusterId(layout: LabLayout): Promise<string> {
  const wire = await connectTo(layout, firstOf(layout))
  try {
    return (await fetchMetadata(wire, [])).clusterId
  } finally {
    wire.close()
  }
}
