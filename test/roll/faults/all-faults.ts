import { beforeTheFirstStop } from './before-the-first-stop.js'
import { clusters, slowClusters } from './clusters.js'
import type { RollFault } from './fault.js'
import { hooks } from './hooks.js'
import { services, slowServices } from './services.js'

/** Quick and certain enough for every run of the tests. */
export const QUICK_FAULTS: readonly RollFault[] = [
  ...beforeTheFirstStop,
  ...hooks,
  ...clusters,
  ...services,
]

/** Everything that `npm run roll:faults` does. */
export const ALL_FAULTS: readonly RollFault[] = [...QUICK_FAULTS, ...slowServices, ...slowClusters]
