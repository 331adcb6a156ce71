import { boolean } from '@oclif/core/flags'

import { connectionFlags, durationFlag, snapshotFlag } from './flags.js'
import { outputFileFlag } from './output-file-flag.js'

const OUTPUT = 'OUTPUT'

/** Where a plan goes, and how much of it is shown. */
export const outputFlags = {
  output: outputFileFlag({
    char: 'o',
    summary: 'file to write the plan to (.json, or .json.gz packed)',
    helpGroup: OUTPUT,
  }),
  'kafka-json': outputFileFlag({
    summary: "also write Kafka's reassignment JSON, and beside it FILE.rollback with the way back",
    helpGroup: OUTPUT,
  }),
  'detailed-exitcode': boolean({
    summary: 'exit 2 when the plan has steps',
    helpGroup: OUTPUT,
  }),
  full: boolean({ summary: 'fold nothing', helpGroup: OUTPUT }),
}

/** Flags of every plan command: where the cluster is read from, and where the plan goes. */
export const planFlags = {
  ...connectionFlags,
  ...snapshotFlag,
  observe: durationFlag({
    summary: 'measure the traffic for this long, on the spot',
    helpGroup: 'CONNECTION',
  }),
  ...outputFlags,
}

/** Exit names of every plan command beyond the common ones. */
export const planExitCodes = ['changesPending', 'refused', 'badData', 'tryLater'] as const
