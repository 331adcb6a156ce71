import type { KafkaConnection } from '../../../ports/connection.js'
import type { ApiCodec } from '../protocol/api-codec.js'
import type { MetadataBroker, MetadataResponse } from '../protocol/apis/metadata.js'
import { askInTurn } from './ask-in-turn.js'
import { ask, bootstrap } from './bootstrap.js'
import type { KnownCluster } from './bootstrap.js'
import { formatAddress } from './broker-address.js'
import { BrokerLinks } from './broker-links.js'
import type { LinkTarget } from './broker-links.js'
import { BrokerRequestError } from './broker-request-error.js'
import { candidates, toTarget } from './candidates.js'
import { areRefusals, errorsOf, isSilence } from './failures.js'
import { unreachableError } from './unreachable-error.js'

export { BrokerRequestError } from './broker-request-error.js'

/** Whom to ask: a broker by id, any that answers, or the one that acts as controller (in KRaft: any, it passes on). */
export type RequestTarget = { readonly brokerId: number } | 'any' | 'controller'

/** Details of a request. `fresh` tries a broker again in spite of a remembered failure. */
export interface RequestOptions {
  readonly timeoutMs?: number
  readonly fresh?: boolean
}

/** Opens a pool; connects only when first asked. Throws an OperatorError for settings that cannot be used. */
export function openKafkaPool(connection: KafkaConnection): KafkaPool {
  return new KafkaPool(connection)
}

/** The connections to one cluster. Every request has a deadline; a broker that hangs costs it once. */
export class KafkaPool {
  readonly requestTimeoutMs: number
  private readonly connection: KafkaConnection
  private readonly links: BrokerLinks
  private known: Promise<KnownCluster> | undefined
  private bootstrapping: Promise<KnownCluster> | undefined
  private refreshing: Promise<KnownCluster> | undefined
  /** Also brokers that are away: a restarted one comes back where it was. */
  private readonly lastSeen = new Map<number, MetadataBroker>()
  private controllerMoved = false

  constructor(connection: KafkaConnection) {
    this.connection = connection
    this.requestTimeoutMs = connection.requestTimeoutMs
    this.links = new BrokerLinks(connection)
  }

  /** The cluster as its bootstrap servers describe it; throws an OperatorError when none answers. */
  cluster(): Promise<KnownCluster> {
    this.known ??= bootstrap(this.links, this.connection).then(
      (cluster) => this.remember(cluster),
      (error: unknown) => {
        this.known = undefined
        throw error
      },
    )
    return this.known
  }

  /** Takes over what a whole Metadata answer says: a process that runs for weeks sees brokers come and go. */
  async learn(answer: Pick<MetadataResponse, 'brokers' | 'controllerId'>): Promise<void> {
    const before = await this.cluster()
    const brokers = new Map(answer.brokers.map((broker) => [broker.nodeId, broker]))
    const isController = before.mode === 'zookeeper' && answer.controllerId >= 0
    const controllerId = isController ? answer.controllerId : before.controllerId
    this.known = Promise.resolve(this.remember({ ...before, brokers, controllerId }))
  }

  /** Looks again who belongs to the cluster and who its controller is. Those who need it at the same time share one look. */
  refresh(): Promise<KnownCluster> {
    this.refreshing ??= this.lookAgain().finally(() => {
      this.refreshing = undefined
    })
    return this.refreshing
  }

  /** After NOT_CONTROLLER: the next request to the controller looks for it again. */
  forgetController(): void {
    this.controllerMoved = true
  }

  /** Sends one request once; throws BrokerRequestError, or an OperatorError when the cluster is out of reach. */
  async request<Request, Response>(
    target: RequestTarget,
    codec: ApiCodec<Request, Response>,
    request: Request,
    options?: RequestOptions,
  ): Promise<Response> {
    try {
      return await this.send(await this.resolve(target), codec, request, options)
    } catch (error) {
      // Whoever takes over from a controller that went away has to be looked for.
      if (target === 'controller') this.forgetController()
      throw error
    }
  }

  /**
   * Sends a request that changes nothing to any broker, to another one too when the first fails or is silent. `refuse` says
   * why an answer is none: then another broker is asked as well.
   */
  read<Request, Response>(
    codec: ApiCodec<Request, Response>,
    request: Request,
    refuse: (response: Response) => string | null = () => null,
  ): Promise<{ readonly response: Response; readonly answeredBy: LinkTarget }> {
    return this.withAny(async (target) => {
      const response = await this.send(target, codec, request)
      const why = refuse(response)
      if (why !== null) throw notThere(`${target.subject} ${why}`)
      return { response, answeredBy: target }
    })
  }

  /** The version in which a broker would be asked, or null where it does not offer the API; connects when needed. */
  async versionFor(
    target: RequestTarget,
    codec: ApiCodec<never, unknown>,
    options: RequestOptions = {},
  ): Promise<number | null> {
    const link = await this.links.open(await this.resolve(target), options)
    return link.versionFor(codec)
  }

  /** Id of the broker at an address, where the cluster advertises that address. */
  async brokerIdAt(target: LinkTarget): Promise<number | undefined> {
    const { brokers } = await this.cluster()
    const wanted = formatAddress(target.address)
    return [...brokers.values()].find((broker) => formatAddress(broker) === wanted)?.nodeId
  }

  close(): Promise<void> {
    return this.links.close()
  }

  /** What goes to a controller itself, with ZooKeeper, is passed on to nobody. */
  private async send<Request, Response>(
    target: LinkTarget,
    codec: ApiCodec<Request, Response>,
    request: Request,
    options: RequestOptions = {},
  ): Promise<Response> {
    const { mode } = await this.cluster()
    const isPassedOn = mode === 'kraft' && codec.isPassedOn === true
    return this.links.request(target, codec, request, { ...options, isPassedOn })
  }

  private async resolve(target: RequestTarget): Promise<LinkTarget> {
    if (target === 'any') return this.firstUsable()
    return target === 'controller'
      ? this.controllerTarget(await this.cluster())
      : this.brokerTarget(target.brokerId)
  }

  private async controllerTarget(cluster: KnownCluster): Promise<LinkTarget> {
    if (cluster.mode === 'kraft') return this.firstUsable()
    const isKnown = cluster.controllerId !== null && !this.controllerMoved
    const { controllerId } = isKnown ? cluster : await this.refresh()
    if (controllerId === null) throw notThere('the cluster has no controller at the moment')
    this.controllerMoved = false
    return this.brokerTarget(controllerId)
  }

  private remember(cluster: KnownCluster): KnownCluster {
    for (const [id, broker] of cluster.brokers) this.lastSeen.set(id, broker)
    return cluster
  }

  private async brokerTarget(id: number): Promise<LinkTarget> {
    await this.cluster()
    const broker = this.lastSeen.get(id) ?? (await this.refresh()).brokers.get(id)
    if (broker === undefined) throw notThere(`broker ${id} is not registered in the cluster`)
    return toTarget(broker)
  }

  /** Only connecting is tried again elsewhere: a request is sent once. */
  private firstUsable(): Promise<LinkTarget> {
    return this.withAny((target) => Promise.resolve(target))
  }

  private async lookAgain(): Promise<KnownCluster> {
    const before = await this.cluster()
    try {
      const now = await this.inTurn(before, async (target) => {
        const answer = await ask(this.links, target)
        if (answer.clusterId !== before.clusterId) throw otherCluster(answer, before)
        return answer
      })
      this.known = Promise.resolve(this.remember(now))
      return now
    } catch (error) {
      const errors = errorsOf(error)
      if (isSilence(errors)) throw unreachableError(errors, NO_ANSWER)
      return this.bootstrapAgain(before)
    }
  }

  /**
   * Does it with the first broker that can. When none can be reached, whoever the bootstrap servers name now gets a turn as
   * well; brokers that took the request and are silent are there, and nobody else is asked.
   */
  private async withAny<T>(use: (target: LinkTarget) => Promise<T>): Promise<T> {
    const before = await this.cluster()
    try {
      return await this.inTurn(before, use)
    } catch (error) {
      const errors = errorsOf(error)
      const isInVain = areRefusals(errors) || isSilence(errors)
      const next = isInVain ? null : await this.whoElse(before, errors)
      if (next === null) throw unreachableError(errors, NO_ANSWER)
      return await this.inTurn(next, use).catch((again: unknown) => {
        throw unreachableError(errorsOf(again), NO_ANSWER)
      })
    }
  }

  /** Who may be asked after these failures: whom the bootstrap servers name, or else those who did not get their turn. */
  private async whoElse(before: KnownCluster, errors: unknown[]): Promise<KnownCluster | null> {
    const areLeft = errors.length < candidates(before).length
    try {
      return await this.bootstrapAgain(before)
    } catch (error) {
      if (error instanceof BrokerRequestError) errors.push(error)
      return areLeft ? before : null
    }
  }

  private inTurn<T>(cluster: KnownCluster, use: (target: LinkTarget) => Promise<T>): Promise<T> {
    return askInTurn(candidates(cluster), {
      open: (target) => this.links.open(target),
      ask: use,
      requestTimeoutMs: this.requestTimeoutMs,
    })
  }

  /**
   * Asks the bootstrap servers once more: after weeks all brokers may have moved. What is known stays known when they do not
   * answer, or answer for another cluster. Those who need it at the same time share one attempt.
   */
  private bootstrapAgain(before: KnownCluster): Promise<KnownCluster> {
    this.bootstrapping ??= bootstrap(this.links, this.connection).finally(() => {
      this.bootstrapping = undefined
    })
    return this.bootstrapping.then((now) => {
      if (now.clusterId !== before.clusterId) throw otherCluster(now, before)
      this.known = Promise.resolve(this.remember(now))
      return now
    })
  }
}

const NO_ANSWER = 'No broker answers'

function otherCluster(now: KnownCluster, before: KnownCluster): BrokerRequestError {
  return notThere(
    `${now.entry.subject} belongs to cluster ${now.clusterId} by now, and not to ${before.clusterId}`,
  )
}

function notThere(message: string): BrokerRequestError {
  return new BrokerRequestError({ code: 'UNREACHABLE', message, sent: false })
}
