import type { Reason } from '../../plan/plan.js'
import type { MoveStatus } from './execution-state.js'

/** Where an execution stands, in figures. Bytes count all new replicas. */
export interface ExecutionProgress {
  readonly moves: number
  readonly movesOver: number
  readonly movesUnderWay: number
  readonly bytesCopied: number
  readonly bytesTotal: number
  /** Over the last 30 s; null before it is known. */
  readonly bytesPerSec: number | null
  readonly etaSeconds: number | null
  /** Bytes per second for each broker and direction; null when nothing is throttled. */
  readonly throttleBytesPerSec: number | null
}

/** What happens while a plan is carried out, for people and for `--json-events`. */
export type ExecutionEvent =
  | { readonly type: 'progress'; readonly progress: ExecutionProgress }
  | {
      readonly type: 'move'
      readonly step: number
      readonly partition: string
      readonly state: MoveStatus
      readonly reason?: Reason
    }
  | { readonly type: 'note'; readonly code: string; readonly text: string }
