import { OperatorError } from '../../errors/operator-error.js'
import { nameSome } from './guards/guard.js'
import { observe, type Observation } from './observe.js'
import type { RunPorts } from './run-types.js'

/** Brokers learn of ACLs one after the other: a refusal counts once so many looks in a row, over so long, had one. */
const LOOKS = 3
const LASTING_MS = 5_000
/** Code of a login that is refused, where a right that is missing has Kafka's own code. */
const LOGIN_REFUSED = 'NOT_AUTHORISED'

/** Looks at the cluster, again and again, and ends the work (exit 77) once a right that looking takes is gone for good. */
export class RightsWatch {
  readonly #ports: Pick<RunPorts, 'reader' | 'clock'>
  #deniedSinceMs: number | null = null
  #deniedLooks = 0

  constructor(ports: Pick<RunPorts, 'reader' | 'clock'>) {
    this.#ports = ports
  }

  /** One look at these topics. Topics that may not be seen are unread for now. */
  async observe(topics: readonly string[]): Promise<Observation> {
    const seen = await observe(this.#ports.reader, topics).catch((error: unknown) => {
      const isDenied = error instanceof OperatorError && error.exit === 'notAuthorised'
      // A login that is refused does not come late, and asking again and again may lock the account.
      if (!isDenied || error.code === LOGIN_REFUSED) throw error
      this.#heedDenial(clusterHidden(error))
      // Waited for, as for a cluster that does not answer: another broker may know better.
      const { code, message, nextSteps } = error
      throw new OperatorError({ code, message, nextSteps, exit: 'unreachable', cause: error })
    })
    if (seen.deniedTopics.length === 0) this.#deniedSinceMs = null
    else this.#heedDenial(topicsHidden(seen.deniedTopics))
    return seen
  }

  #heedDenial(end: OperatorError): void {
    const now = this.#ports.clock.nowMs()
    if (this.#deniedSinceMs === null) this.#deniedLooks = 0
    this.#deniedSinceMs ??= now
    this.#deniedLooks += 1
    if (this.#deniedLooks >= LOOKS && now - this.#deniedSinceMs >= LASTING_MS) throw end
  }
}

function topicsHidden(topics: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'RIGHTS_LOST',
    message: `This principal may not see the topics of its moves any more: it lacks DESCRIBE on topic ${nameSome(topics)} (TOPIC_AUTHORIZATION_FAILED).`,
    nextSteps: [
      `kafka-acls.sh --add --allow-principal User:NAME --operation Describe --topic ${topics[0] ?? ''}`,
    ],
    exit: 'notAuthorised',
  })
}

function clusterHidden(cause: OperatorError): OperatorError {
  if (cause.code !== 'CLUSTER_AUTHORIZATION_FAILED') return cause
  return new OperatorError({
    code: 'RIGHTS_LOST',
    message: `This principal may not see the reassignments in flight any more: it lacks DESCRIBE on the cluster (${cause.code}).`,
    nextSteps: ['kafka-acls.sh --add --allow-principal User:NAME --operation Describe --cluster'],
    exit: 'notAuthorised',
    cause,
  })
}
