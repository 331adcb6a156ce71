import type { Settings } from '../config/settings.js'
import type { HealPolicy } from '../planners/heal/heal-policy.js'
import { targetPolicy } from './target-flags.js'

type HealValues = Parameters<typeof targetPolicy>[0] & {
  readonly 'only-confident': boolean
  readonly 'treat-hung-as-dead': boolean
  readonly 'max-dead'?: number | undefined
  readonly 'min-dead-for'?: number | undefined
  readonly 'min-replication-factor'?: number | undefined
}

/** Flags over the configuration over the defaults. */
export function healPolicy(flags: HealValues, settings: Settings): HealPolicy {
  const { policy } = settings
  const maxDead = flags['max-dead'] ?? policy.maxDead
  const minReplicationFactor = flags['min-replication-factor'] ?? policy.minReplicationFactor
  return {
    ...targetPolicy(flags, settings),
    onlyConfident: flags['only-confident'],
    treatHungAsDead: flags['treat-hung-as-dead'],
    minDeadForMs: flags['min-dead-for'] ?? policy.minDeadFor,
    ...(maxDead === undefined ? {} : { maxDead }),
    ...(minReplicationFactor === undefined ? {} : { minReplicationFactor }),
  }
}
