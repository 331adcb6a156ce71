import type { ExitName } from '../errors/exit-codes.js'
import type { ExecutionReport } from './execution-report.js'

/** Why a broker is replaced. */
export const REPLACE_REASONS = ['dead', 'degraded', 'decommissioned', 'maintenance'] as const

/** One of them. */
export type ReplaceReason = (typeof REPLACE_REASONS)[number]

/** The result document of `broker replace`. */
export interface ReplaceReport {
  readonly id: string
  readonly clusterId: string
  readonly broker: number
  readonly reason: ReplaceReason
  readonly exit: ExitName
  /** One sentence. */
  readonly message: string
  /** What took leadership away from a broker that lived; null where there was none to take. */
  readonly drain: ExecutionReport | null
  /** Null when it was not started. */
  readonly script: {
    readonly argv: readonly string[]
    readonly exitCode: number | null
    readonly signal: string | null
    readonly timedOut: boolean
    readonly durationMs: number
    /** Both streams as they came, up to a cap. */
    readonly output: string
    readonly truncated: boolean
  } | null
  /** ISO 8601: before this no other broker of the cluster is replaced. */
  readonly cooldownUntil: string | null
}
