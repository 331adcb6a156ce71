import { OperatorError } from '../../errors/operator-error.js'
import { topicPartitionKey } from '../../model/topic-partition.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import type { RunPorts } from './run-types.js'
import { payableDebts } from './throttle/payable.js'
import type { ThrottleLease } from './throttle/lease.js'

/** Brokers show a config a little after it was changed, later still under load: what is said to be gone shall be gone. */
const LOOKS = 20
const LOOK_PAUSE_MS = 500
/** A broker that hangs, or a controller that moves, answers again soon: so long it is asked again before it is owed. */
const ASK_AGAIN_FOR_MS = 30_000
const ASK_AGAIN_PAUSE_MS = 3_000

/** What {@link giveBack} works with. */
export interface GiveBackParts {
  readonly lease: ThrottleLease
  readonly ledger: Ledger
  readonly ports: RunPorts
}

/**
 * Gives the throttle back, but for what moves need that go on in the cluster. False when that could not be done. Never
 * throws: an execution that failed must not fail to say so because its throttle cannot be reached. `forMs` is how long a
 * cluster, or a lock, that nobody reaches is asked again; also after a signal, since nobody else gives the throttle back.
 */
export async function giveBack(
  { lease, ledger, ports }: GiveBackParts,
  forMs = ASK_AGAIN_FOR_MS,
): Promise<boolean> {
  const startMs = ports.clock.nowMs()
  for (;;) {
    try {
      await giveBackOnce({ lease, ledger, ports })
      return true
    } catch (error) {
      const { held, debts } = lease.holdings
      // All was given back, and only the look afterwards failed.
      if (held.size + debts.size === 0) return true
      const isOutOfReach = error instanceof OperatorError && error.exit === 'unreachable'
      if (!isOutOfReach || ports.clock.nowMs() - startMs >= forMs) {
        const why = error instanceof Error ? error.message : String(error)
        ledger.note('THROTTLE_LEFT', `the throttle could not be given back: ${why}`)
        await oweWhatNobodyNeeds({ lease, ledger, ports }, why)
        return false
      }
    }
    await ports.clock.sleep(ASK_AGAIN_PAUSE_MS)
  }
}

async function giveBackOnce({ lease, ledger, ports }: GiveBackParts): Promise<void> {
  if (lease.holdings.held.size + lease.holdings.debts.size === 0) return
  const goingOn = await movesGoingOn(ledger, ports)
  await lease.release(await liveBrokers(ports), goingOn)
  await askAgain({ lease, ledger, ports }, goingOn)
  for (let look = 0; look < LOOKS && (await lease.stillVisible()).length > 0; look++) {
    await ports.clock.sleep(LOOK_PAUSE_MS)
  }
}

/** An execution that is over is not looked at again for what it holds, but for what it owes. */
async function oweWhatNobodyNeeds({ lease, ledger }: GiveBackParts, why: string): Promise<void> {
  if (ledger.open().length > 0) return
  await lease.owe(why).catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error)
    ledger.note('THROTTLE_LEFT', `what is owed could not be written down: ${text}`)
  })
}

/** Asks those again who are alive and still owe something. A dead broker is not waited for: its debt is for later. */
async function askAgain({ lease, ports }: GiveBackParts, goingOn: readonly Move[]): Promise<void> {
  const startMs = ports.clock.nowMs()
  for (;;) {
    const live = await liveBrokers(ports)
    const { lists, rates } = payableDebts(lease.holdings, live, goingOn)
    const owing = lists.length + rates.length > 0
    const isLate = ports.clock.nowMs() - startMs > ASK_AGAIN_FOR_MS
    if (!owing || isLate || ports.stop.aborted) return
    await ports.clock.sleep(ASK_AGAIN_PAUSE_MS, ports.stop)
    await lease.payDebts(live, goingOn)
  }
}

async function liveBrokers({ reader }: RunPorts): Promise<ReadonlySet<number>> {
  const { brokers } = await reader.readMetadata({ topics: [] })
  return new Set(brokers.map(({ id }) => id))
}

/** Moves that Kafka carries on without us. Requests that may still arrive are waited for: of each of them it is known then. */
async function movesGoingOn(ledger: Ledger, { reader, clock }: RunPorts): Promise<readonly Move[]> {
  const open = ledger.underWay()
  if (open.length === 0) return []
  for (;;) {
    // Before the look: what can arrive no more then is in it, or never comes.
    const inDoubt = open.filter((move) => ledger.mayArrive(move))
    const inFlight = await reader.readReassignments()
    const keys = new Set(inFlight.map((found) => topicPartitionKey(found.topic, found.partition)))
    if (inDoubt.every(({ key }) => keys.has(key))) return open.filter((move) => keys.has(move.key))
    await clock.sleep(LOOK_PAUSE_MS)
  }
}
