import { type ControllerLayout, layOutControllers } from './controllers.js'
import {
  layOutNetwork,
  layOutPlace,
  type NetworkLayout,
  type NetworkPlace,
} from './network/addresses.js'

/** How the brokers of a lab find their controller. */
export type LabMode = 'kraft' | 'zookeeper'

/** What a lab shall be; everything but `mode` has a default. */
export interface LabOptions {
  readonly mode: LabMode
  /** Number of brokers (default 3); ids are 1..N unless `brokerIds` is given. */
  readonly brokers?: number
  readonly brokerIds?: readonly number[]
  /** Number of racks (r1, r2, ...; brokers take turns), or the rack of each broker. None by default. */
  readonly racks?: number | readonly string[]
  /**
   * First of the ports the lab takes (default 19000): +0 controller or ZooKeeper, +1..+29 brokers in
   * order, +31..+59 Jolokia, +61..+89 Prometheus.
   */
  readonly basePort?: number
  readonly logDirs?: 1 | 2
  readonly secured?: boolean
  /** Kafka version; 4.1.1 for kraft and 3.9.1 for zookeeper unless given (2.8.2 works too). */
  readonly version?: string
  /** Extra lines for every broker's server.properties; they win over the lab's own. */
  readonly brokerConfig?: Readonly<Record<string, string>>
  readonly jolokia?: boolean
  readonly prometheus?: boolean
  /** ZooKeeper chroot of the cluster, such as `/kafka`. */
  readonly chroot?: string
  /** Port that clients are told for a broker, by broker id: where a proxy of the test listens. */
  readonly advertisedPorts?: Readonly<Record<number, number>>
  readonly heapMb?: number
  /**
   * Each broker gets what a host of its own would have: an sshd (ports +91 to +99) and runit, which runs the broker as a
   * service and brings it back when it dies. Who logs in is not root, and may do what `klinic roll plan --print-sudoers`
   * prints for these services.
   */
  readonly hosts?: boolean
  /** Ids of brokers that supervisord runs instead of runit; only with `hosts`. */
  readonly supervised?: readonly number[]
  /** Nodes of the KRaft quorum (default 1), ids from 100 on; several need `hosts`, and are services with an sshd too. */
  readonly controllers?: number
  /**
   * Each broker gets a network namespace of its own with a cable to a bridge, whose rate `limit` caps: bytes per second in
   * each direction, by broker id, or for all. Needs root and iproute2; not with `secured`, `hosts` or `advertisedPorts`.
   */
  readonly network?: { readonly limits?: number | Readonly<Record<number, number>> }
}

/** The versions that the lab starts when none is asked for. */
export const DEFAULT_VERSIONS: Readonly<Record<LabMode, string>> = {
  kraft: '4.1.1',
  zookeeper: '3.9.1',
}
export const DEFAULT_BASE_PORT = 19_000
export const CONTROLLER_ID = 100
const LOOPBACK = '127.0.0.1'
const MAX_BROKERS = 29
const MAX_HOSTS = 9
const DEFAULTS = {
  basePort: DEFAULT_BASE_PORT,
  secured: false,
  chroot: '',
  heapMb: 320,
  brokerConfig: {},
}

/** One JVM of a lab that serves clients. */
export interface BrokerLayout {
  readonly id: number
  readonly rack: string | null
  /** Where it listens: loopback, or its own address on the lab's network. */
  readonly host: string
  /** Its own place on the lab's network; null on loopback. */
  readonly place: NetworkPlace | null
  readonly port: number
  readonly advertisedPort: number
  readonly jolokiaPort: number | null
  readonly prometheusPort: number | null
  /** Where the broker's own sshd listens; null unless the lab has hosts. */
  readonly sshPort: number | null
  /** The folder that `sv` takes for the broker's service; null unless the lab has hosts. */
  readonly serviceDir: string | null
  /** Run by supervisord, as program `broker-ID`. */
  readonly supervised: boolean
  readonly dir: string
  readonly logDirs: readonly string[]
}

/** Ports, folders and identities of a lab, worked out before anything is started. */
export interface LabLayout {
  readonly mode: LabMode
  readonly version: string
  readonly basePort: number
  readonly dir: string
  readonly clusterId: string
  readonly secured: boolean
  readonly chroot: string
  readonly heapMb: number
  readonly brokerConfig: Readonly<Record<string, string>>
  /** Null while everything is on loopback. */
  readonly network: NetworkLayout | null
  /** KRaft controller or ZooKeeper. */
  readonly quorumHost: string
  readonly quorumPort: number
  readonly quorumDir: string
  /** Nodes of the KRaft quorum; none with ZooKeeper. */
  readonly controllers: readonly ControllerLayout[]
  readonly brokers: readonly BrokerLayout[]
}

/** Works out ports and folders; throws when options contradict each other. */
export function layOut(options: LabOptions, dir: string, clusterId: string): LabLayout {
  const filled = { ...DEFAULTS, ...options }
  refuseContradictions(options)
  const network = options.network === undefined ? null : layOutNetwork(dir, filled.basePort)
  return {
    mode: options.mode,
    version: options.version ?? DEFAULT_VERSIONS[options.mode],
    basePort: filled.basePort,
    dir,
    clusterId,
    secured: filled.secured,
    chroot: filled.chroot,
    heapMb: filled.heapMb,
    brokerConfig: filled.brokerConfig,
    network,
    quorumHost: network?.gateway ?? LOOPBACK,
    quorumPort: filled.basePort,
    quorumDir: `${dir}/${options.mode === 'kraft' ? 'controller' : 'zookeeper'}`,
    controllers:
      options.mode === 'kraft'
        ? layOutControllers(dir, CONTROLLER_ID, {
            count: options.controllers ?? 1,
            basePort: filled.basePort,
            hosts: options.hosts === true,
          })
        : [],
    brokers: brokerIds(options).map((id, index) =>
      layOutBroker(options, { id, index, basePort: filled.basePort, dir }),
    ),
  }
}

function refuseContradictions({ network, ...others }: LabOptions): void {
  if (network === undefined) return
  const { secured, hosts, advertisedPorts } = others
  const contradiction = Object.entries({ secured, hosts, advertisedPorts }).find(
    ([, value]) => value,
  )
  if (contradiction !== undefined)
    throw new Error(`a lab cannot have both a network and ${contradiction[0]}`)
}

function brokerIds(options: LabOptions): readonly number[] {
  const ids = options.brokerIds ?? Array.from({ length: options.brokers ?? 3 }, (_, i) => i + 1)
  if (ids.length < 1 || ids.length > MAX_BROKERS)
    throw new Error(`a lab has 1 to ${MAX_BROKERS} brokers, not ${ids.length}`)
  if (options.hosts === true && ids.length > MAX_HOSTS)
    throw new Error(`a lab with hosts has ${MAX_HOSTS} brokers at most, not ${ids.length}`)
  if (new Set(ids).size !== ids.length || ids.includes(CONTROLLER_ID))
    throw new Error(`broker ids must differ from each other and from ${CONTROLLER_ID}`)
  return ids
}

function layOutBroker(
  options: LabOptions,
  at: { id: number; index: number; basePort: number; dir: string },
): BrokerLayout {
  const brokerDir = `${at.dir}/broker-${at.id}`
  const port = at.basePort + 1 + at.index
  const place = options.network === undefined ? null : layOutPlace(at.dir, at.basePort, at.index)
  return {
    id: at.id,
    rack: rackOf(options.racks, at.index),
    host: place?.address ?? LOOPBACK,
    place,
    port,
    advertisedPort: options.advertisedPorts?.[at.id] ?? port,
    jolokiaPort: options.jolokia ? port + 30 : null,
    prometheusPort: options.prometheus ? port + 60 : null,
    ...layOutService(options, at.id, { port, brokerDir }),
    dir: brokerDir,
    logDirs: Array.from({ length: options.logDirs ?? 1 }, (_, i) => `${brokerDir}/log${i + 1}`),
  }
}

function layOutService(
  { hosts = false, supervised = [] }: LabOptions,
  id: number,
  at: { readonly port: number; readonly brokerDir: string },
): Pick<BrokerLayout, 'sshPort' | 'serviceDir' | 'supervised'> {
  if (!hosts) return { sshPort: null, serviceDir: null, supervised: false }
  const serviceDir = `${at.brokerDir}/service`
  return { sshPort: at.port + 90, serviceDir, supervised: supervised.includes(id) }
}

function rackOf(racks: LabOptions['racks'], index: number): string | null {
  if (racks === undefined) return null
  if (typeof racks === 'number') return racks > 0 ? `r${(index % racks) + 1}` : null
  return racks[index % racks.length] ?? null
}
