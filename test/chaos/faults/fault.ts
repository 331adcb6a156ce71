import type { World } from './world.js'

/** One fault, with an id to name it by. */
export interface Fault {
  readonly id: string
  /** What happens, and what comes of it, in an operator's words. */
  readonly what: string
  /** How often `npm run faults` does it. */
  readonly times: number
  /** One go, the `index`-th; throws when something is not as it should be. Returns a figure worth noting, or nothing. */
  readonly run: (world: World, index: number) => Promise<string | undefined>
}
