import type { LabMode } from '../../lab/index.js'
import type { RollWorld } from './roll-world.js'

/** One thing that goes wrong around a rolling restart. */
export interface RollFault {
  readonly id: string
  /** What happens, and what comes of it, in an operator's words. */
  readonly what: string
  /** Only with this kind of cluster. */
  readonly mode?: LabMode
  /** Throws when something is not as it should be. */
  readonly run: (world: RollWorld) => Promise<void>
}
