import type { ExitName } from '../errors/exit-codes.js'

/** What became of one broker of a roll. */
export interface RollReportBroker {
  readonly broker: number
  /** `not-needed`: it was started since the moment of `--started-before`. */
  readonly result: 'restarted' | 'failed' | 'not-started' | 'done-before' | 'not-needed'
  readonly seconds: number
  readonly code?: string
  readonly message?: string
  /** Partitions that a flag let go offline or below min ISR with this broker, and how long that may have lasted at most. */
  readonly outage?: { readonly partitions: number; readonly seconds: number }
}

/** What `roll restart` and `roll resume` print with `--json`. */
export interface RollReport {
  readonly planId: string
  readonly clusterId: string
  readonly journal: string
  /** True when every broker of the plan has restarted and the final gate was passed. */
  readonly complete: boolean
  /** Given up by `roll resume --abandon`: nothing is left to go on with. */
  readonly abandoned?: true
  readonly brokers: readonly RollReportBroker[]
  readonly seconds: number
  /** What the brokers that remain would take, from what the others took; absent when nothing remains. */
  readonly etaSeconds?: number
  readonly exit: ExitName
  readonly failure?: {
    readonly code: string
    readonly message: string
    readonly nextSteps: readonly string[]
  }
}
