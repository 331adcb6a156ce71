import type { ExecutionProgress } from '../../plan/execution-report.js'
import type { Reason } from '../../plan/plan.js'
import type { MoveStatus } from './execution-state.js'

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
