import { OperatorError } from '../../errors/operator-error.js'
import { sameList } from '../../plan/step-lists.js'
import type { Ledger } from './ledger.js'
import { isElected, type Move } from './moves.js'
import { observe, type Observation } from './observe.js'
import { orderedTopics } from './ordered-topics.js'
import type { RunPorts } from './run-types.js'
import { lastDone } from './verify.js'

/** A broker that was restarted meanwhile is back in sync within this, or its leaders stay where they are. */
const WITHIN_MS = 30_000
const LOOK_PAUSE_MS = 1_000

interface Parts {
  readonly ledger: Ledger
  readonly ports: RunPorts
}

/**
 * Elects the first replicas of done moves again that lead no more at the end of a run: their brokers were away for a while.
 * What cannot be elected in half a minute is left to the last look, which says so.
 */
export async function electOnceMore(parts: Parts): Promise<void> {
  const { clock, stop, writer } = parts.ports
  const startMs = clock.nowMs()
  try {
    for (;;) {
      const { astray, fit } = await ledAstray(parts)
      if (astray.length === 0 || stop.aborted || clock.nowMs() - startMs > WITHIN_MS) return
      if (fit.length > 0) await writer.electPreferredLeaders(fit)
      await clock.sleep(LOOK_PAUSE_MS, stop)
    }
  } catch (error) {
    if (!(error instanceof OperatorError) || error.exit !== 'unreachable') throw error
  }
}

/** Done moves that stand as planned and are led by another replica; `fit` are those whose first replica could lead now. */
async function ledAstray({
  ledger,
  ports,
}: Parts): Promise<{ readonly astray: readonly Move[]; readonly fit: readonly Move[] }> {
  const done = lastDone(ledger)
  if (done.length === 0) return { astray: [], fit: [] }
  const seen = await observe(ports.reader, orderedTopics(done))
  const astray = done.filter((move) => isLedAstray(move, seen))
  const fit = astray.filter(
    ({ key, leader }) =>
      seen.liveBrokers.has(leader) && seen.views.get(key)?.isr.includes(leader) === true,
  )
  return { astray, fit }
}

function isLedAstray(move: Move, { views }: Observation): boolean {
  const view = views.get(move.key)
  const stands = view?.inFlight === null && sameList(view.replicas, move.to)
  return stands && isElected(move) && view.leader !== move.leader
}
