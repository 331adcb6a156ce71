import { childState, readChild } from './children.js'
import { connectTo } from './connect.js'

import { brokerName } from './names.js'
import { limitCable } from './network/network.js'
import { launchBroker, launchQuorum, quorumRecord } from './nodes.js'
import type { BrokerLayout, LabLayout } from './options.js'
import { waitListening, waitRegistered } from './probe.js'
import { awaitStateNow, type ProcessState, signalGroup, waitGone } from './process-identity.js'
import { runJava } from './java.js'
import { type SecurityFiles, securityFiles } from './security/files.js'
import { stopService } from './services.js'
import { hostFiles, type HostFiles } from './ssh/hosts.js'
import type { Wire } from './wire.js'
import { waitUnregistered } from './zookeeper-registration.js'

export type { ProcessState }

/** A broker of a lab: where it is, and what its process does now. */
export interface LabBroker extends BrokerLayout {
  readonly pid: number | null
  readonly state: ProcessState
}

const STOP_TIMEOUT_MS = 60_000
const START_TIMEOUT_MS = 60_000

/** A running lab, seen from its owner or from any other process on the machine. */
export class Lab {
  readonly layout: LabLayout
  readonly #jars: string
  readonly #end: () => Promise<void>

  constructor(layout: LabLayout, jars: string, end: () => Promise<void>) {
    this.layout = layout
    this.#jars = jars
    this.#end = end
  }

  get dir(): string {
    return this.layout.dir
  }

  get clusterId(): string {
    return this.layout.clusterId
  }

  /** host:port of every broker, as clients are told. */
  get bootstrapServers(): string {
    return this.layout.brokers.map((broker) => `${broker.host}:${broker.advertisedPort}`).join(',')
  }

  /** host:port/chroot, or null with KRaft. */
  get zookeeperConnect(): string | null {
    if (this.layout.mode === 'kraft') return null
    return `${this.layout.quorumHost}:${this.layout.quorumPort}${this.layout.chroot}`
  }

  /** Certificates and client files, or null unless the lab is secured. */
  get security(): SecurityFiles | null {
    return this.layout.secured ? securityFiles(this.dir) : null
  }

  /** SSH key, known hosts and inventory of the brokers' hosts, or null when the lab has none. */
  get hosts(): HostFiles | null {
    return this.layout.brokers.some((broker) => broker.sshPort !== null)
      ? hostFiles(this.dir)
      : null
  }

  /** A Java client's properties file for the super user, or null unless the lab is secured. */
  get clientProperties(): string | null {
    return this.security?.clients.superUser ?? null
  }

  get brokers(): readonly LabBroker[] {
    return this.layout.brokers.map((broker) => ({
      ...broker,
      pid: readChild(this.dir, brokerName(broker.id))?.pid ?? null,
      state: childState(this.dir, brokerName(broker.id)),
    }))
  }

  /** The KRaft controller or ZooKeeper. */
  get quorum(): {
    readonly port: number
    readonly pid: number | null
    readonly state: ProcessState
  } {
    return {
      port: this.layout.quorumPort,
      pid: readChild(this.dir, quorumRecord(this.layout))?.pid ?? null,
      state: childState(this.dir, quorumRecord(this.layout)),
    }
  }

  /** Controlled shutdown; returns when the process is gone (killed after a minute). */
  async stop(brokerId: number): Promise<void> {
    const identity = this.#identity(brokerId)
    const broker = this.#layoutOf(brokerId)
    if (broker.serviceDir === null) signalGroup(identity, 'SIGTERM')
    else await stopService(this.layout, broker)
    signalGroup(identity, 'SIGCONT')
    if (await waitGone(identity, STOP_TIMEOUT_MS)) return
    await this.kill(brokerId)
  }

  /** SIGKILL; returns when the process is gone. In a lab with hosts its runit starts another at once. */
  async kill(brokerId: number): Promise<void> {
    const identity = this.#identity(brokerId)
    signalGroup(identity, 'SIGKILL')
    if (!(await waitGone(identity, 10_000))) throw new Error(`broker ${brokerId} survived SIGKILL`)
  }

  /** SIGSTOP: the broker keeps its connections and answers nothing from now on. */
  pause(brokerId: number): void {
    const identity = this.#identity(brokerId)
    signalGroup(identity, 'SIGSTOP')
    if (!awaitStateNow(identity, 'paused')) throw new Error(`broker ${brokerId} does not pause`)
  }

  resume(brokerId: number): void {
    const identity = this.#identity(brokerId)
    signalGroup(identity, 'SIGCONT')
    if (!awaitStateNow(identity, 'running')) throw new Error(`broker ${brokerId} does not resume`)
  }

  /** Starts a broker that is down; returns when it answers and is registered. */
  async start(brokerId: number): Promise<void> {
    const broker = this.#layoutOf(brokerId)
    if (childState(this.dir, brokerName(brokerId)) !== 'gone')
      throw new Error(`broker ${brokerId} is already there`)
    if (this.layout.mode === 'zookeeper')
      await waitUnregistered(this.layout, brokerId, START_TIMEOUT_MS)
    await launchBroker(this.layout, this.#jars, broker)
    await this.waitReady([brokerId])
  }

  /** Waits until the given brokers (all that run, by default) answer and know each other. */
  async waitReady(brokerIds?: readonly number[], timeoutMs = START_TIMEOUT_MS): Promise<void> {
    const chosen = this.brokers.filter((broker) =>
      brokerIds ? brokerIds.includes(broker.id) : broker.state === 'running',
    )
    await waitRegistered(this.layout, chosen, {
      timeoutMs,
      stillAlive: (broker) => childState(this.dir, brokerName(broker.id)) !== 'gone',
    })
  }

  /** Stops (SIGSTOP), continues or kills the KRaft controller or ZooKeeper. */
  async signalQuorum(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void> {
    const identity = readChild(this.dir, quorumRecord(this.layout))
    if (identity === undefined) throw new Error('the lab has no quorum process')
    signalGroup(identity, signal)
    if (signal === 'SIGKILL') await waitGone(identity, 10_000)
  }

  /** Starts the KRaft controller or ZooKeeper again after it was killed. */
  async startQuorum(): Promise<void> {
    await launchQuorum(this.layout, this.#jars)
    await waitListening(this.layout.quorumPort, START_TIMEOUT_MS, this.layout.quorumHost)
  }

  /** Caps the link of a broker at so many bytes per second in each direction, or lifts the cap: from now on. */
  async limit(brokerId: number, bytesPerSec: number | null): Promise<void> {
    const { place } = this.#layoutOf(brokerId)
    if (place === null) throw new Error('start the lab with network: {} to limit its links')
    await limitCable(place, bytesPerSec)
  }

  /** A connection of the lab's own to a broker, as the super user where secured. */
  async connect(brokerId: number): Promise<Wire> {
    return connectTo(this.layout, this.#layoutOf(brokerId))
  }

  /** Runs a main class of Kafka's jars (such as a command-line tool) to its end; gives its stdout. */
  async runTool(mainClass: string, args: readonly string[]): Promise<string> {
    return runJava(this.layout, this.#jars, mainClass, args)
  }

  /** Ends every process of the lab and removes its folder. */
  async down(): Promise<void> {
    await this.#end()
  }

  #layoutOf(brokerId: number): BrokerLayout {
    const broker = this.layout.brokers.find((candidate) => candidate.id === brokerId)
    if (broker === undefined) {
      const ids = this.layout.brokers.map((candidate) => candidate.id).join(', ')
      throw new Error(`the lab has no broker ${brokerId}; it has ${ids}`)
    }
    return broker
  }

  #identity(brokerId: number): { pid: number; startTicks: string } {
    const identity = readChild(this.dir, brokerName(this.#layoutOf(brokerId).id))
    if (identity === undefined) throw new Error(`broker ${brokerId} was never started`)
    return identity
  }
}
