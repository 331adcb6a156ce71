import { setTimeout as sleep } from 'node:timers/promises'

import { OperatorError } from '../../../errors/operator-error.js'
import type { WriteOutcome } from '../../../ports/cluster-writer.js'
import { errorName } from '../protocol/error-names.js'
import type { ApiCodec } from '../protocol/api-codec.js'
import { BrokerRequestError, type KafkaPool } from '../pool/kafka-pool.js'

/** A fail-over takes a moment; a request that was not processed may be sent again after it. */
const CONTROLLER_TRIES = 5
const CONTROLLER_PAUSE_MS = 300

/** Said when the controller went on moving for all our tries. */
const NO_CONTROLLER: WriteOutcome = {
  status: 'refused',
  code: 'NOT_CONTROLLER',
  message: 'no controller could be found to take the request',
}

/**
 * Sends to the controller and returns what `read` makes of the answer. NOT_CONTROLLER, which says that nothing was
 * done, is the only answer upon which a request is sent again. `codes` are the error codes of an answer.
 */
export async function askController<Request, Response>(
  pool: KafkaPool,
  codec: ApiCodec<Request, Response>,
  request: Request,
  codes: (response: Response) => readonly number[],
): Promise<Response | null> {
  for (let attempt = 1; attempt <= CONTROLLER_TRIES; attempt++) {
    const response = await pool.request('controller', codec, request)
    const moved = codes(response).some((code) => errorName(code) === 'NOT_CONTROLLER')
    if (!moved) return response
    pool.forgetController()
    if (attempt < CONTROLLER_TRIES) await sleep(CONTROLLER_PAUSE_MS)
  }
  return null
}

/** Runs one request for `count` items; whatever went wrong on the way becomes the outcome of each of them. */
export async function settle(
  count: number,
  work: () => Promise<readonly WriteOutcome[] | null>,
): Promise<readonly WriteOutcome[]> {
  try {
    return (await work()) ?? repeat(NO_CONTROLLER, count)
  } catch (error) {
    if (error instanceof BrokerRequestError) return repeat(outcomeOfFailure(error), count)
    if (error instanceof OperatorError) return repeat(outOfReach(error), count)
    throw error
  }
}

/** A request that surely was not processed is refused; all else is unknown, and never sent again blindly. */
function outcomeOfFailure({ sent, code, message }: BrokerRequestError): WriteOutcome {
  return sent ? { status: 'unknown', message } : { status: 'refused', code, message }
}

/** No broker could be connected to, so nothing was sent. */
const outOfReach = ({ code, message }: OperatorError): WriteOutcome => ({
  status: 'refused',
  code,
  message,
})

const repeat = (outcome: WriteOutcome, count: number): readonly WriteOutcome[] =>
  Array.from({ length: count }, () => outcome)
