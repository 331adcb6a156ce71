import type { ExitName } from '../errors/exit-codes.js'

/** What became of one broker of a roll. */
export interface RollReportBroker {
  readonly broker: number
  readonly result: 'restarted' | 'failed' | 'not-started' | 'done-before'
  readonly seconds: number
  readonly code?: string
  readonly message?: string
}

/** What `roll restart` and `roll resume` print with `--json`. */
export interface RollReport {
  readonly planId: string
  readonly clusterId: string
  readonly journal: string
  /** True when every broker of the plan has restarted and the final gate was passed. */
  readonly complete: boolean
  readonly brokers: readonly RollReportBroker[]
  readonly seconds: number
  readonly exit: ExitName
  readonly failure?: {
    readonly code: string
    readonly message: string
    readonly nextSteps: readonly string[]
  }
}
