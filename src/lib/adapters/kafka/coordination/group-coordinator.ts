import type { Clock } from '../../../ports/clock.js'
import { BrokerRequestError, toBrokerFailure } from '../pool/broker-request-error.js'
import type { KafkaPool } from '../pool/kafka-pool.js'
import type { ApiCodec } from '../protocol/api-codec.js'
import { errorName } from '../protocol/error-names.js'
import { findCoordinators } from '../reader/find-coordinators.js'
import { lockForbidden, lockUnreachable } from './lock-errors.js'

/** What passes by itself while a coordinator moves, loads, or is made for the first time. */
const PASSING = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'UNREACHABLE',
  'TIMED_OUT',
  'INVALID_REPLICATION_FACTOR',
])
const PAUSE_MS = 300

/** How long to go on asking, and how long one answer may take. */
export interface AskOptions {
  readonly patienceMs: number
  readonly timeoutMs?: number
}

/** The broker that coordinates one group, wherever it is at the moment. */
export class GroupCoordinator {
  readonly groupId: string
  readonly #pool: KafkaPool
  readonly #clock: Clock
  #brokerId: number | null = null

  constructor(pool: KafkaPool, groupId: string, clock: Clock) {
    this.#pool = pool
    this.groupId = groupId
    this.#clock = clock
  }

  /**
   * The answer and Kafka's name of its error (`NONE`, `UNKNOWN_MEMBER_ID`): a coordinator that moves or does not answer is
   * asked again. Throws OperatorError LOCK_NOT_AUTHORISED (77), or LOCK_UNREACHABLE (69) when the patience is over.
   */
  async ask<Request, Response>(
    codec: ApiCodec<Request, Response>,
    request: Request,
    codeOf: (response: Response) => number,
    { patienceMs, timeoutMs }: AskOptions,
  ): Promise<{ readonly response: Response; readonly error: string }> {
    const endMs = this.#clock.nowMs() + patienceMs
    for (;;) {
      const failure = await this.#once(codec, request, timeoutMs).then(
        (response) => ({ response, error: errorName(codeOf(response)) }),
        (error: unknown) => {
          if (!(error instanceof BrokerRequestError)) throw error
          return { response: null, error: toBrokerFailure(error).code, cause: error }
        },
      )
      const { response, error } = failure
      if (error === 'GROUP_AUTHORIZATION_FAILED') throw lockForbidden(this.groupId)
      if (response !== null && !PASSING.has(error)) return { response, error }
      this.#brokerId = null
      const cause = 'cause' in failure ? failure.cause : undefined
      const isPassing = PASSING.has(error)
      if (!isPassing || this.#clock.nowMs() >= endMs) {
        throw lockUnreachable(this.groupId, cause?.message ?? error, cause)
      }
      await this.#clock.sleep(PAUSE_MS)
    }
  }

  async #once<Request, Response>(
    codec: ApiCodec<Request, Response>,
    request: Request,
    timeoutMs = this.#pool.requestTimeoutMs,
  ): Promise<Response> {
    this.#brokerId ??= await this.#find()
    const target = { brokerId: this.#brokerId }
    return this.#pool.request(target, codec, request, { timeoutMs, fresh: true })
  }

  async #find(): Promise<number> {
    const { byBroker, failures } = await findCoordinators(this.#pool, [this.groupId])
    const [found] = byBroker.keys()
    if (found !== undefined) return found
    const code = failures[0]?.code ?? 'COORDINATOR_NOT_AVAILABLE'
    const message = failures[0]?.message ?? 'no broker knows it'
    throw new BrokerRequestError({ code, message, sent: false })
  }
}
