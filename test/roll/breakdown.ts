import type { RestartPhase } from '../../src/lib/ports/journal.js'
import { type PhaseTime, timeOf } from './phases.js'

/** What the time of one broker's turn went to, in seconds: each part ends where the next begins. */
export interface TurnParts {
  readonly broker: number
  /** From the end of the turn before: the controller is asked for, the host connected to. */
  readonly betweenSeconds: number
  readonly gateSeconds: number
  readonly stopSeconds: number
  /** From the start until all replicas were in sync, as seen from outside. */
  readonly catchUpSeconds: number
  /** From there until the start was believed, replicas found in sync, and leaders back. */
  readonly believeSeconds: number
  readonly concludeSeconds: number
}

/** Splits the turns of a roll that restarted one broker after the other; `inSyncMs` is when each was in sync again. */
export function splitTurns(
  phases: readonly PhaseTime[],
  beganMs: number,
  inSyncMs: ReadonlyMap<number, number>,
): readonly TurnParts[] {
  const order = [...new Set(phases.map(({ broker }) => broker))]
  return order.map((broker, index) => {
    const at = (phase: RestartPhase): number => timeOf(phases, broker, phase)
    const before = order[index - 1]
    const fromMs = before === undefined ? beganMs : timeOf(phases, before, 'done')
    const synced = inSyncMs.get(broker) ?? at('recovered')
    const seconds = (from: number, to: number): number => (to - from) / 1000
    return {
      broker,
      betweenSeconds: seconds(fromMs, at('gate')),
      gateSeconds: seconds(at('gate'), at('stopping')),
      stopSeconds: seconds(at('stopping'), at('starting')),
      catchUpSeconds: seconds(at('starting'), synced),
      believeSeconds: seconds(synced, at('recovered')),
      concludeSeconds: seconds(at('recovered'), at('done')),
    }
  })
}

/** One line for each broker: where the seconds of its turn went. */
export function describeTurns(turns: readonly TurnParts[]): string {
  const titles = ['broker', 'before', 'gate', 'stop', 'catch-up', 'believed', 'concluded']
  const row = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(10)).join('')
  const lines = turns.map(({ broker, ...parts }) =>
    row([String(broker), ...Object.values(parts).map((value: number) => value.toFixed(1))]),
  )
  return ['seconds of each turn, one after the other', row(titles), ...lines].join('\n')
}
