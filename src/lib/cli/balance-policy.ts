import type { Settings } from '../config/settings.js'
import { OperatorError } from '../errors/operator-error.js'
import type { Snapshot } from '../model/snapshot.js'
import type { BalancePolicy, RackPolicy } from '../planners/balance/balance-policy.js'
import type { ResourceWord } from './list-flags.js'
import { capacityPolicy } from './target-flags.js'

interface BalanceValues {
  readonly resources?: readonly ResourceWord[] | undefined
  readonly band?: number | 'off' | undefined
  readonly limit?: number | undefined
  readonly 'in-limit'?: number | undefined
  readonly 'out-limit'?: number | undefined
  readonly 'disk-limit'?: number | undefined
  readonly 'rack-policy'?: RackPolicy | undefined
  readonly 'exclude-topics'?: RegExp | undefined
  readonly 'exclude-brokers'?: readonly number[] | undefined
  readonly 'only-to'?: readonly number[] | undefined
  readonly 'max-bytes'?: number | undefined
  readonly 'max-moves'?: number | undefined
  readonly 'allow-partial': boolean
  readonly 'fix-racks': boolean
}

/** The topics that are left alone, by flag or configuration. */
export function excludedTopics(
  flags: Pick<BalanceValues, 'exclude-topics'>,
  settings: Settings,
): RegExp | undefined {
  const configured = settings.policy.excludeTopics
  return (
    flags['exclude-topics'] ?? (configured === undefined ? undefined : new RegExp(configured, 'u'))
  )
}

/** Flags over the configuration over the defaults. */
export function balancePolicy(flags: BalanceValues, settings: Settings): BalancePolicy {
  const excludeTopics = excludedTopics(flags, settings)
  return {
    ...capacityPolicy(flags, settings),
    resources: flags.resources ?? settings.policy.resources,
    band: flags.band ?? settings.policy.band,
    rackPolicy: flags['rack-policy'] ?? settings.policy.rackPolicy,
    ...(excludeTopics === undefined ? {} : { excludeTopics }),
    excludeBrokers: flags['exclude-brokers'] ?? settings.policy.excludeBrokers ?? [],
    onlyTo: flags['only-to'] ?? [],
    ...(flags['max-bytes'] === undefined ? {} : { maxBytes: flags['max-bytes'] }),
    ...(flags['max-moves'] === undefined ? {} : { maxMoves: flags['max-moves'] }),
    allowPartial: flags['allow-partial'],
    fixRacks: flags['fix-racks'],
  }
}

/** Refuses (exit 3) to balance in or out when no figure of them is known: an observation on the spot is enough. */
export function requireTraffic(snapshot: Snapshot, policy: BalancePolicy): void {
  const wanted = policy.resources.filter((resource) => resource === 'in' || resource === 'out')
  if (wanted.length === 0 || snapshot.topics.every((topic) => topic.partitions.length === 0)) return
  const isKnown = snapshot.topics.some((topic) =>
    topic.partitions.some(({ bytesInPerSec }) => bytesInPerSec !== undefined),
  )
  if (isKnown) return
  throw new OperatorError({
    code: 'TRAFFIC_UNKNOWN',
    message: `the traffic of cluster ${snapshot.cluster.name ?? snapshot.cluster.id} is not known, so ${wanted.join(' and ')} cannot be balanced`,
    nextSteps: [
      'add --observe 60s to measure it on the spot',
      'or collect it for a while: klinic stats collect',
      'or balance without it: --resources replicas,leaders',
    ],
    exit: 'refused',
  })
}
