import { boolean, option, string } from '@oclif/core/flags'

import type { Snapshot } from '../model/snapshot.js'
import type { RollPolicy } from '../planners/roll/roll-policy.js'
import { shareFlag, wholeNumberFlag } from './flags.js'
import { brokersOfHosts, type Inventory } from './hosts-flag.js'
import { brokerIdsFlag, regexFlag } from './list-flags.js'

const GROUP = 'BROKERS AND BATCHES'

/** Which brokers restart, in which order and how many together: the same for `roll plan` and `roll restart`. */
export const rollFlags = {
  brokers: brokerIdsFlag({
    summary: 'brokers to restart, such as 3,4 (default: all)',
    helpGroup: GROUP,
  }),
  hosts: string({
    char: 'H',
    summary: 'brokers by host name, comma-separated; restarted in exactly this order',
    exclusive: ['brokers', 'racks', 'order'],
    helpGroup: GROUP,
  }),
  controllers: option({
    options: ['no', 'first', 'last'] as const,
    default: 'no' as const,
  })({
    summary: 'restart KRaft controllers that are no brokers too, before the brokers or after them',
    helpGroup: GROUP,
  }),
  racks: string({ summary: 'only brokers of these racks, comma-separated', helpGroup: GROUP }),
  exclude: brokerIdsFlag({ summary: 'brokers to leave alone, such as 3,4', helpGroup: GROUP }),
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
  'allow-offline': regexFlag({
    summary: 'topics (regular expression) that may go offline while their broker restarts',
    helpGroup: GROUP,
  }),
  'allow-below-min-isr': regexFlag({
    summary: 'topics whose replication factor is not above min ISR and that may be unwritable',
    helpGroup: GROUP,
  }),
  'allow-reassignments': boolean({
    summary: 'restart although partitions are being reassigned',
    helpGroup: GROUP,
  }),
  zk: string({
    char: 'z',
    summary: "taken for kafka_roller's sake: Kafka's own answers are enough",
    helpGroup: GROUP,
  }),
}

/** The flags above as they come from the parser. */
export interface RollFlagValues {
  readonly brokers?: readonly number[] | undefined
  readonly exclude?: readonly number[] | undefined
  readonly hosts?: string | undefined
  readonly racks?: string | undefined
  readonly controllers: RollPolicy['controllers']
  readonly order: RollPolicy['order']
  readonly batch: RollPolicy['batch']
  readonly 'max-parallel': number
  readonly 'max-unavailable': number
  readonly 'isr-margin': number
  readonly 'allow-offline'?: RegExp | undefined
  readonly 'allow-below-min-isr'?: RegExp | undefined
  readonly 'allow-reassignments': boolean
}

/** Brokers that the flags name, in their order; null when all are meant. */
function chooseBrokers(
  flags: RollFlagValues,
  snapshot: Snapshot,
  inventory: Inventory,
): readonly number[] | null {
  if (flags.hosts !== undefined) return brokersOfHosts(snapshot, flags.hosts, inventory)
  const ofRacks = brokersOfRacks(snapshot, flags.racks)
  if (flags.brokers === undefined) return ofRacks
  return flags.brokers.filter((id) => ofRacks?.includes(id) ?? true)
}

/** The policy that the flags ask for. */
export function rollPolicy(
  flags: RollFlagValues,
  snapshot: Snapshot,
  inventory: Inventory = {},
): RollPolicy {
  const chosen = chooseBrokers(flags, snapshot, inventory)
  const offline = flags['allow-offline']
  const below = flags['allow-below-min-isr']
  return {
    ...(chosen === null ? {} : { brokers: chosen }),
    exclude: flags.exclude ?? [],
    order: flags.hosts === undefined ? flags.order : 'given',
    keepOrder: flags.hosts !== undefined,
    controllers: flags.controllers,
    batch: flags.batch,
    maxParallel: flags['max-parallel'],
    maxUnavailableShare: flags['max-unavailable'],
    isrMargin: flags['isr-margin'],
    ...(offline === undefined ? {} : { allowOffline: offline }),
    ...(below === undefined ? {} : { allowBelowMinIsr: below }),
    allowReassignments: flags['allow-reassignments'],
  }
}

/** Ids of the brokers in racks such as `a,b`; null when no rack was asked for. */
function brokersOfRacks(snapshot: Snapshot, racks: string | undefined): readonly number[] | null {
  if (racks === undefined) return null
  const wanted = new Set(racks.split(',').map((rack) => rack.trim()))
  return snapshot.brokers
    .filter((broker) => wanted.has(broker.rack ?? ''))
    .map((broker) => broker.id)
}
