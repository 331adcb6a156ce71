import type { RollSettings } from '../execution/roll/roll-settings.js'
import type { RollHook, RollHooks, RollTimes } from '../execution/roll/roll-deps.js'
import { ROLL_HOOKS } from '../execution/roll/roll-deps.js'
import type { Plan } from '../plan/plan.js'
import { readInventory } from './read-inventory.js'
import type { ServiceManagerName } from '../execution/roll/service-manager.js'

/** Values of the pace, hook and service flags as a command got them. */
export interface RollRunValues {
  readonly 'stop-timeout'?: number | undefined
  readonly 'start-timeout'?: number | undefined
  readonly 'recovery-stall'?: number | undefined
  readonly 'healthcheck-wait'?: number | undefined
  readonly 'healthcheck-retries'?: number | undefined
  readonly 'stable-for'?: number | undefined
  readonly 'stable-after-unclean'?: number | undefined
  readonly soak?: number | undefined
  readonly 'leader-imbalance'?: number | undefined
  readonly 'no-elect-leaders'?: boolean
  readonly 'pre-stop'?: string | undefined
  readonly 'post-stop'?: string | undefined
  readonly 'pre-start'?: string | undefined
  readonly 'post-start'?: string | undefined
  readonly local?: boolean
  readonly 'hook-timeout'?: number | undefined
  readonly 'on-pre-start-failure': 'start' | 'leave'
  readonly 'consumer-gate'?: readonly string[] | undefined
  readonly burrow?: string | undefined
  readonly 'service-manager': ServiceManagerName
  readonly service: string
  readonly 'no-sudo'?: boolean
  readonly 'stop-cmd'?: string | undefined
  readonly 'start-cmd'?: string | undefined
  readonly 'status-cmd'?: string | undefined
}

/** What the plan decided and the sequence has to keep to. */
interface RollPlanChoices {
  readonly isrMargin: number
  readonly allowOffline: string | null
  readonly allowBelowMinIsr: string | null
  readonly allowReassignments: boolean
}

const MINUTE_MS = 60_000
const DEFAULTS: RollTimes = {
  stopTimeoutMs: 5 * MINUTE_MS,
  startTimeoutMs: 10 * MINUTE_MS,
  hookTimeoutMs: 10 * MINUTE_MS,
  stallMs: 20 * MINUTE_MS,
  samples: 3,
  stableCleanMs: 3_000,
  // Longer than the session of a broker: 9 s with KRaft, 18 s with ZooKeeper.
  stableUncleanMs: 20_000,
  sampleEveryMs: 1_500,
  minUptimeMs: 8_000,
  soakMs: 0,
  remoteTimeoutMs: 15_000,
}
const DEFAULT_LEADER_IMBALANCE = 0.1

function stallOf(flags: RollRunValues, sampleEveryMs: number): number {
  const retries = flags['healthcheck-retries']
  return (
    flags['recovery-stall'] ?? (retries === undefined ? DEFAULTS.stallMs : retries * sampleEveryMs)
  )
}

function timesOf(flags: RollRunValues): RollTimes {
  const sampleEveryMs = flags['healthcheck-wait'] ?? DEFAULTS.sampleEveryMs
  return {
    ...DEFAULTS,
    stopTimeoutMs: flags['stop-timeout'] ?? DEFAULTS.stopTimeoutMs,
    startTimeoutMs: flags['start-timeout'] ?? DEFAULTS.startTimeoutMs,
    hookTimeoutMs: flags['hook-timeout'] ?? DEFAULTS.hookTimeoutMs,
    stallMs: stallOf(flags, sampleEveryMs),
    stableCleanMs: flags['stable-for'] ?? DEFAULTS.stableCleanMs,
    stableUncleanMs: flags['stable-after-unclean'] ?? DEFAULTS.stableUncleanMs,
    sampleEveryMs,
    soakMs: flags.soak ?? DEFAULTS.soakMs,
  }
}

function hooksOf(flags: RollRunValues): RollHooks {
  const given = ROLL_HOOKS.flatMap((hook): readonly [RollHook, string][] => {
    const command = flags[hook]
    return command === undefined ? [] : [[hook, command]]
  })
  return Object.fromEntries(given)
}

function rollSettings(
  flags: RollRunValues,
  plan: RollPlanChoices,
  inventory: Readonly<Record<string, string>>,
): RollSettings {
  const elect = flags['no-elect-leaders'] !== true
  const { 'stop-cmd': stop, 'start-cmd': start, 'status-cmd': status } = flags
  return {
    ...plan,
    times: timesOf(flags),
    hooks: hooksOf(flags),
    hooksRunLocally: flags.local === true,
    onPreStartFailure: flags['on-pre-start-failure'],
    electLeaders: elect,
    maxLeaderImbalance: elect ? (flags['leader-imbalance'] ?? DEFAULT_LEADER_IMBALANCE) : null,
    manager: flags['service-manager'],
    service: flags.service,
    sudo: flags['no-sudo'] !== true,
    templates: {
      ...(stop === undefined ? {} : { stop }),
      ...(start === undefined ? {} : { start }),
      ...(status === undefined ? {} : { status }),
    },
    inventory,
    consumerGroups: flags['consumer-gate'] ?? [],
    burrow: flags.burrow ?? null,
  }
}

function sourceIn(plan: Plan, key: string): string | null {
  const value = plan.policy[key]
  return typeof value === 'string' ? value : null
}

/** The settings of a roll: its own flags, and what the plan's policy decided. */
export function settingsOfPlan(
  flags: RollRunValues & { readonly inventory?: string | undefined },
  plan: Plan,
): RollSettings {
  const margin = plan.policy['isrMargin']
  return rollSettings(
    flags,
    {
      isrMargin: typeof margin === 'number' ? margin : 0,
      allowOffline: sourceIn(plan, 'allowOffline'),
      allowBelowMinIsr: sourceIn(plan, 'allowBelowMinIsr'),
      allowReassignments: plan.policy['allowReassignments'] === true,
    },
    flags.inventory === undefined ? {} : readInventory(flags.inventory),
  )
}
