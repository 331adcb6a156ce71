import { OperatorError } from '../../../errors/operator-error.js'
import type { ActionRecord } from '../../../ports/action-log.js'
import type { Clock } from '../../../ports/clock.js'
import type { NewRecord } from '../../../ports/record-log.js'
import { encodeAction } from './encode-action.js'

/** Brokers learn of a new topic a little after the controller. */
const NEW_TOPIC_TRIES = 20
const NEW_TOPIC_PAUSE_MS = 250

/** What a sink reaches the topic through. */
export interface ActionSinkPorts {
  /** Makes the topic; called when an append finds that there is none. */
  readonly createTopic: () => Promise<void>
  /** Appends with acks=all. */
  readonly append: (records: readonly NewRecord[]) => Promise<void>
  readonly clock: Clock
  /** Told once when the topic cannot be written, and once when it can again. */
  readonly warn: (text: string) => void
}

/** The way into the actions topic, shared by all journals of a process. */
export class ActionSink {
  readonly topic: string
  readonly #ports: ActionSinkPorts
  #hasEnded = false
  #failure: OperatorError | null = null

  constructor(topic: string, ports: ActionSinkPorts) {
    this.topic = topic
    this.#ports = ports
  }

  /** Why the last attempt failed; null while the topic takes what it is given. */
  get failure(): OperatorError | null {
    return this.#failure
  }

  get clock(): Clock {
    return this.#ports.clock
  }

  /** From now on nothing is sent, and nothing said. */
  end(): void {
    this.#hasEnded = true
  }

  /** One attempt to append; says whether the topic has acknowledged all of it. Never throws. */
  async send(actions: readonly ActionRecord[]): Promise<boolean> {
    if (this.#hasEnded) return false
    try {
      await this.#append(actions.flatMap((action) => encodeAction(action)))
    } catch (error) {
      this.#fail(error)
      return false
    }
    if (this.#failure !== null) this.#ports.warn(`Topic ${this.topic} takes our records again.`)
    this.#failure = null
    return true
  }

  #fail(error: unknown): void {
    if (this.#failure === null && !this.#hasEnded) this.#ports.warn(this.#describe(error))
    this.#failure = auditFailure(this.topic, error)
  }

  async #append(records: readonly NewRecord[]): Promise<void> {
    const { append, createTopic, clock } = this.#ports
    for (let attempt = 0; ; attempt++) {
      try {
        await append(records)
        return
      } catch (error) {
        if (!isMissingTopic(error) || attempt === NEW_TOPIC_TRIES) throw error
        if (attempt === 0) await createTopic()
        else await clock.sleep(NEW_TOPIC_PAUSE_MS)
      }
    }
  }

  #describe(error: unknown): string {
    return `Topic ${this.topic} cannot be written: ${whyOf(error)} The local journal is complete; the topic follows when it can.`
  }
}

/** What `--require-audit` stops with. */
export function auditFailure(topic: string, cause: unknown): OperatorError {
  const isKnown = cause instanceof OperatorError
  return new OperatorError({
    code: 'AUDIT_UNWRITABLE',
    message: `Topic ${topic} does not take the record of what was to be done (--require-audit): ${whyOf(cause)}`,
    nextSteps: isKnown ? cause.nextSteps : [],
    exit: isKnown && cause.exit === 'notAuthorised' ? 'notAuthorised' : 'unreachable',
    cause,
  })
}

const isMissingTopic = (error: unknown): boolean =>
  error instanceof OperatorError && error.code === 'TOPIC_NOT_FOUND'

const whyOf = (cause: unknown): string => {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.endsWith('.') ? text : `${text}.`
}
