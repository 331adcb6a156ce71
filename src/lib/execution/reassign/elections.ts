import { stopWhenForbidden } from './ends.js'
import type { Ledger } from './ledger.js'
import type { Move } from './moves.js'
import type { RunPorts } from './run-types.js'

/** An election that had no effect is asked for again after this long. */
const ELECT_AGAIN_MS = 2_000

/** Asks for the preferred leaders of moves whose data is in place, each again only after a while. */
export class Elections {
  readonly #ledger: Ledger
  readonly #ports: Pick<RunPorts, 'clock' | 'writer'>
  readonly #askedAtMs = new Map<number, number>()

  constructor(ledger: Ledger, ports: Pick<RunPorts, 'clock' | 'writer'>) {
    this.#ledger = ledger
    this.#ports = ports
  }

  /** Returns whether anything was asked for. */
  async elect(moves: readonly Move[]): Promise<boolean> {
    const now = this.#ports.clock.nowMs()
    const due = moves.filter(
      ({ step }) => now - (this.#askedAtMs.get(step) ?? Number.NEGATIVE_INFINITY) > ELECT_AGAIN_MS,
    )
    if (due.length === 0) return false
    const news = due.filter((move) => this.#ledger.statusOf(move) !== 'electing')
    await this.#ledger.markPlaced(news, 'electing')
    for (const { step } of due) this.#askedAtMs.set(step, now)
    stopWhenForbidden(await this.#ports.writer.electPreferredLeaders(due))
    return true
  }
}
