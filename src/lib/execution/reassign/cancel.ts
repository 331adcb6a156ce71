import type { ExecutionReport } from '../../plan/execution-report.js'
import type { Reason } from '../../plan/plan.js'
import { isOver, type ExecutionState } from './execution-state.js'
import type { Observation } from './observe.js'
import { orderedTopics } from './ordered-topics.js'
import { PollPause } from './poll-pause.js'
import { RightsWatch } from './rights-watch.js'
import type { RunEnd } from './run-types.js'
import { Run } from './run.js'
import { concludeSession, refuseCancelled, type OpenSession } from './session.js'
import { TakeBack } from './take-back.js'
import { Watchdog } from './watchdog.js'

/** Why moves are left out that Kafka never had. */
const LEFT_OUT: Reason = { code: 'CANCELLED', text: 'left out: the execution was cancelled' }

/** Ends an execution: what is under way is taken back (or finished), what waits is left out, throttles go. */
export async function cancelSession(
  session: OpenSession,
  how: 'undo' | 'finish',
): Promise<ExecutionReport> {
  return concludeSession(session, async () => {
    const { ledger, state } = session
    if (isOver(state)) return wasOver(state)
    if (how === 'finish') refuseCancelled(session)
    const left = ledger.open().filter((move) => ledger.statusOf(move) === 'planned')
    await ledger.mark(left, 'skipped', LEFT_OUT)
    if (how === 'undo') return takeBackUnderWay(session)
    const end = await new Run({ ...session, heals: false, leavesOut: LEFT_OUT }).toEnd()
    return end.outcome === 'finished' ? cancelled(session) : end
  })
}

/** A cancel that comes too late changes nothing, and above all not what the journal says of the end. */
function wasOver({ started, ended }: ExecutionState): RunEnd {
  const outcome = ended?.outcome ?? 'finished'
  return {
    outcome,
    exit: 'done',
    code: 'ALREADY_OVER',
    message: `plan ${started.plan.id} was ${outcome} before: nothing was in flight, and nothing is taken back`,
  }
}

function cancelled({ ledger }: OpenSession): RunEnd {
  return {
    outcome: 'cancelled',
    exit: 'done',
    code: 'CANCELLED',
    message: `${ledger.count('undone')} moves taken back, ${ledger.count('done')} stay done`,
  }
}

/** Takes back what is under way, by the recorded original lists; what cannot be by then stays under way. */
export function takeBackUnderWay(session: OpenSession): Promise<RunEnd> {
  return new Undo(session).toEnd()
}

class Undo {
  readonly #session: OpenSession
  readonly #pause = new PollPause()
  readonly #watchdog: Watchdog
  readonly #rights: RightsWatch
  readonly #takeBack: TakeBack

  constructor(session: OpenSession) {
    this.#session = session
    const { ledger, ports } = session
    this.#watchdog = new Watchdog(session)
    this.#rights = new RightsWatch(ports)
    this.#takeBack = new TakeBack({ ledger, ports })
  }

  async toEnd(): Promise<RunEnd> {
    const { ledger, ports, settings, tracker } = this.#session
    const startMs = ports.clock.nowMs()
    for (;;) {
      await this.#watchdog.tolerating(() => this.#round())
      this.#watchdog.heedOutage()
      ports.onEvent({ type: 'progress', progress: tracker.figures() })
      if (ledger.underWay().length === 0) return this.#over()
      const isLate = ports.clock.nowMs() - startMs > settings.patienceMs
      if (isLate || ports.stop.aborted) return this.#givenUp(ports.stop.aborted)
      await ports.clock.sleep(this.#pause.next(), ports.stop)
    }
  }

  async #round(): Promise<Observation> {
    const { ledger } = this.#session
    const open = ledger.underWay()
    await this.#takeBack.learn(open)
    const seen = await this.#rights.observe(orderedTopics(open))
    ledger.heedFlights(seen.inFlight)
    if (await this.#takeBack.round(open, seen)) this.#pause.reset()
    return seen
  }

  #over(): RunEnd {
    const end = cancelled(this.#session)
    const { foreign } = this.#takeBack
    if (foreign === null) return end
    const message = `${end.message}; ${foreign}`
    return { ...end, exit: 'stoppedHalfWay', code: 'FOREIGN_OPERATOR', message }
  }

  #givenUp(wasAsked: boolean): RunEnd {
    const left = this.#session.ledger.underWay()
    const some = left.slice(0, 3).map(({ key }) => key)
    const why = this.#takeBack.refusal ?? 'their original brokers may be down'
    return {
      outcome: wasAsked ? 'interrupted' : 'stopped',
      exit: wasAsked ? 'interrupted' : 'needsPerson',
      code: 'NOT_TAKEN_BACK',
      message: `${left.length} moves are not taken back yet (${some.join(', ')}): ${why}`,
    }
  }
}
