import { boolean, option, string } from '@oclif/core/flags'

import { OperatorError } from '../errors/operator-error.js'
import type { RollPolicy } from '../planners/roll/roll-policy.js'
import { shareFlag, wholeNumberFlag } from './flags.js'

const GROUP = 'BROKERS AND BATCHES'

/** Which brokers restart, in which order and how many together: the same for `roll plan` and `roll restart`. */
export const rollFlags = {
  brokers: string({ summary: 'broker ids, comma-separated (default: all)', helpGroup: GROUP }),
  racks: string({ summary: 'only brokers of these racks, comma-separated', helpGroup: GROUP }),
  exclude: string({ summary: 'broker ids to leave alone, comma-separated', helpGroup: GROUP }),
  order: option({ options: ['leaders', 'id', 'given'] as const, default: 'leaders' as const })({
    summary: 'fewest leaders first, by id, or as given; the active controller is last in any case',
    helpGroup: GROUP,
  }),
  batch: option({ options: ['serial', 'parallel', 'rack'] as const, default: 'serial' as const })({
    summary: 'one at a time, any that share no partition at risk, or the same within one rack',
    helpGroup: GROUP,
  }),
  'max-parallel': wholeNumberFlag({
    summary: 'brokers down at once, at most',
    default: 3,
    helpGroup: GROUP,
  }),
  'max-unavailable': shareFlag({
    summary: 'share of all brokers down at once, at most',
    default: 0.34,
    helpGroup: GROUP,
  }),
  'isr-margin': wholeNumberFlag({
    summary: 'in-sync replicas wanted above min.insync.replicas',
    default: 0,
    helpGroup: GROUP,
  }),
  'allow-offline': string({
    summary: 'topics (regular expression) that may go offline while their broker restarts',
    helpGroup: GROUP,
  }),
  'allow-below-min-isr': string({
    summary: 'topics whose replication factor is not above min ISR and that may be unwritable',
    helpGroup: GROUP,
  }),
  'allow-reassignments': boolean({
    summary: 'restart although partitions are being reassigned',
    helpGroup: GROUP,
  }),
}

/** The flags above as they come from the parser. */
export interface RollFlagValues {
  readonly brokers?: string | undefined
  readonly exclude?: string | undefined
  readonly order: RollPolicy['order']
  readonly batch: RollPolicy['batch']
  readonly 'max-parallel': number
  readonly 'max-unavailable': number
  readonly 'isr-margin': number
  readonly 'allow-offline'?: string | undefined
  readonly 'allow-below-min-isr'?: string | undefined
  readonly 'allow-reassignments': boolean
}

function usage(flag: string, message: string): OperatorError {
  return new OperatorError({
    code: 'BAD_FLAG_VALUE',
    message: `--${flag}: ${message}`,
    nextSteps: ['klinic roll plan --help'],
    exit: 'usage',
  })
}

/** `1,2,3` as ids; OperatorError (64) naming the flag and the word that is none. */
export function parseBrokerIds(flag: string, text: string): readonly number[] {
  return text.split(',').map((word) => {
    if (!/^\d{1,9}$/.test(word.trim()))
      throw usage(flag, `${JSON.stringify(word)} is not a broker id`)
    return Number(word)
  })
}

function parseTopics(flag: string, text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`)
  } catch {
    throw usage(flag, `${JSON.stringify(text)} is not a regular expression`)
  }
}

/** The policy that the flags ask for; `brokersOfRacks` are the ids that `--racks` leaves, when it was given. */
export function rollPolicy(
  flags: RollFlagValues,
  brokersOfRacks: readonly number[] | null,
): RollPolicy {
  const named = flags.brokers === undefined ? null : parseBrokerIds('brokers', flags.brokers)
  const chosen = named?.filter((id) => brokersOfRacks?.includes(id) ?? true) ?? brokersOfRacks
  const offline = flags['allow-offline']
  const below = flags['allow-below-min-isr']
  return {
    ...(chosen === null ? {} : { brokers: chosen }),
    exclude: flags.exclude === undefined ? [] : parseBrokerIds('exclude', flags.exclude),
    order: flags.order,
    batch: flags.batch,
    maxParallel: flags['max-parallel'],
    maxUnavailableShare: flags['max-unavailable'],
    isrMargin: flags['isr-margin'],
    ...(offline === undefined ? {} : { allowOffline: parseTopics('allow-offline', offline) }),
    ...(below === undefined ? {} : { allowBelowMinIsr: parseTopics('allow-below-min-isr', below) }),
    allowReassignments: flags['allow-reassignments'],
  }
}
