import type { ExitName } from '../../errors/exit-codes.js'
import type { Clock } from '../../ports/clock.js'
import type { ClusterReader } from '../../ports/cluster-reader.js'
import type { ClusterWriter } from '../../ports/cluster-writer.js'
import type { ExecutionEnd } from '../../plan/execution-report.js'
import type { Journal } from '../../ports/journal.js'
import type { ExecutionEvent } from './events.js'
import type { BatchLimits } from './next-moves.js'
import type { AutoThrottle } from './throttle/auto/auto-throttle.js'
import type { MeasureTraffic } from './throttle/auto/governor.js'

/** What a run reaches the world through. */
export interface RunPorts {
  readonly reader: ClusterReader
  readonly writer: ClusterWriter
  readonly journal: Journal
  readonly clock: Clock
  readonly onEvent: (event: ExecutionEvent) => void
  /** Needed for a throttle that follows the cluster's traffic. */
  readonly measureTraffic?: MeasureTraffic
  /** Aborted when the run shall finish what is under way, start nothing more, and end. */
  readonly stop: AbortSignal
}

/** How a plan is carried out. */
export interface RunSettings {
  readonly limits: BatchLimits
  /** Bytes per second for each broker and direction; null for none. */
  readonly throttleBytesPerSec: number | null
  /** Bounds and limits of a throttle that follows what the brokers can spare; without them it stays as it is. */
  readonly autoThrottle?: AutoThrottle | undefined
  /** Foreign reassignments are expected (`--additional`) and stop nothing. */
  readonly besideOthers: boolean
  /** How long a broker may be away, and the cluster out of reach, before the run gives up. */
  readonly patienceMs: number
  /** After this long nothing more is started, and what is under way is finished; null for no such end. */
  readonly forMs: number | null
  /** The same as a moment in Unix milliseconds, with what ends then: a window of klinic.yaml, or `--until`. */
  readonly until?: { readonly atMs: number; readonly reason: string } | undefined
  /** The windows of klinic.yaml do not count for this execution, now or when it is resumed (`--ignore-windows`). */
  readonly ignoresWindows?: boolean
  /** What to do when the cluster gets into trouble beside the moves: wait until it is over (default), or stop. */
  readonly onTrouble?: 'wait' | 'stop'
  /** How long nothing at all may happen to what is under way before the run gives up. */
  readonly stallMs: number
}

/** Used where nothing else is said. */
export const DEFAULT_PATIENCE_MS = 120_000
/** A move that copies nothing for this long will not end by waiting. */
export const DEFAULT_STALL_MS = 600_000

/** How a run ended. */
export interface RunEnd {
  readonly outcome: ExecutionEnd
  readonly exit: ExitName
  readonly code: string
  readonly message: string
}
