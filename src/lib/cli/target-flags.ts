import { boolean, option } from '@oclif/core/flags'

import type { Settings } from '../config/settings.js'
import type { CapacityPolicy } from '../planners/place/ledger.js'
import type { RackRule, TargetPolicy } from '../planners/place/pick-target.js'
import { bytesFlag, shareFlag } from './flags.js'
import { brokerIdsFlag, capacityRateFlag } from './list-flags.js'

const GROUP = 'PLACEMENT'

/** What a broker can carry: the same for every planner that moves load. */
export const capacityFlags = {
  limit: shareFlag({
    summary: 'share of each stated capacity that may be used (default 100%)',
    helpGroup: GROUP,
  }),
  'in-limit': capacityRateFlag({ summary: 'what every broker can take in', helpGroup: GROUP }),
  'out-limit': capacityRateFlag({ summary: 'what every broker can send', helpGroup: GROUP }),
  'disk-limit': bytesFlag({ summary: 'what every broker can store', helpGroup: GROUP }),
}

/** Which brokers may be given replicas. */
export const brokerChoiceFlags = {
  'exclude-brokers': brokerIdsFlag({ summary: 'brokers that are given nothing', helpGroup: GROUP }),
  'only-to': brokerIdsFlag({
    summary: 'the only brokers that are given anything (just added ones)',
    helpGroup: GROUP,
  }),
}

const partial = {
  'allow-partial': boolean({
    summary: 'plan what can be had, also when not all of it can',
    default: false,
    helpGroup: GROUP,
  }),
}

const racks = {
  summary: 'spread: on no fewer racks than now; strict: all on different ones; even: shared evenly',
  helpGroup: GROUP,
}

/** How racks are shared when a cluster is balanced. */
export const rackFlags = {
  'rack-policy': option({ options: ['spread', 'strict', 'even'] as const })(racks),
}

/** Where new replicas may go: heal, decommission, replication and rack plans. */
export const targetFlags = {
  ...capacityFlags,
  ...brokerChoiceFlags,
  ...partial,
  'rack-policy': option({ options: ['spread', 'strict', 'even', 'same-rack'] as const })(racks),
  'ignore-capacity': boolean({
    summary: 'place beyond capacities too',
    default: false,
    helpGroup: GROUP,
  }),
  'allow-fewer-racks': boolean({
    summary: 'accept fewer racks for a partition than it has now',
    default: false,
    helpGroup: GROUP,
  }),
}

/** `--allow-partial` alone, for plans that place nothing. */
export const partialFlag = partial

interface CapacityValues {
  readonly limit?: number | undefined
  readonly 'in-limit'?: number | undefined
  readonly 'out-limit'?: number | undefined
  readonly 'disk-limit'?: number | undefined
}

interface TargetValues extends CapacityValues {
  readonly 'exclude-brokers'?: readonly number[] | undefined
  readonly 'only-to'?: readonly number[] | undefined
  readonly 'rack-policy'?: RackRule | undefined
  readonly 'allow-partial': boolean
  readonly 'ignore-capacity': boolean
  readonly 'allow-fewer-racks': boolean
}

/** Flags over what the configuration says. Configured capacities are in the snapshot already, broker by broker. */
export function capacityPolicy(flags: CapacityValues, settings: Settings): CapacityPolicy {
  return {
    limit: flags.limit ?? settings.policy.limit,
    ...(flags['in-limit'] === undefined ? {} : { inLimit: flags['in-limit'] }),
    ...(flags['out-limit'] === undefined ? {} : { outLimit: flags['out-limit'] }),
    ...(flags['disk-limit'] === undefined ? {} : { diskLimit: flags['disk-limit'] }),
  }
}

/** The same for where replicas may go. */
export function targetPolicy(
  flags: TargetValues,
  settings: Settings,
): CapacityPolicy & TargetPolicy & { readonly allowPartial: boolean } {
  return {
    ...capacityPolicy(flags, settings),
    rackPolicy: flags['rack-policy'] ?? settings.policy.rackPolicy,
    excludeBrokers: flags['exclude-brokers'] ?? settings.policy.excludeBrokers ?? [],
    onlyTo: flags['only-to'] ?? [],
    ignoreCapacity: flags['ignore-capacity'],
    allowFewerRacks: flags['allow-fewer-racks'],
    allowPartial: flags['allow-partial'],
  }
}
