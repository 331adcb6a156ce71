import type { Settings } from '../config/settings.js'
import type { RollSettings } from '../execution/roll/roll-settings.js'
import { OperatorError } from '../errors/operator-error.js'
import type {
  PreStartFailure,
  RollHook,
  RollHooks,
  RollTimes,
} from '../execution/roll/roll-deps.js'
import { ROLL_HOOKS } from '../execution/roll/roll-deps.js'
import type { ServiceManagerName } from '../execution/roll/service-manager.js'
import type { Plan } from '../plan/plan.js'
import { readInventory } from './read-inventory.js'

/** Values of the pace, hook and service flags as a command got them; what is absent stays as it was. */
export interface RollRunValues {
  readonly 'stop-timeout'?: number | undefined
  readonly 'start-timeout'?: number | undefined
  readonly 'recovery-stall'?: number | undefined
  readonly 'healthcheck-wait'?: number | undefined
  readonly 'healthcheck-retries'?: number | undefined
  readonly 'stable-for'?: number | undefined
  readonly 'stable-after-unclean'?: number | undefined
  readonly soak?: number | undefined
  readonly 'started-before'?: number | undefined
  readonly drain?: boolean
  readonly 'leader-imbalance'?: number | undefined
  readonly 'no-elect-leaders'?: boolean
  readonly 'pre-stop'?: string | undefined
  readonly 'post-stop'?: string | undefined
  readonly 'pre-start'?: string | undefined
  readonly 'rollback-cmd'?: string | undefined
  readonly 'post-start'?: string | undefined
  readonly local?: boolean
  readonly 'hook-timeout'?: number | undefined
  readonly 'on-pre-start-failure'?: PreStartFailure | undefined
  readonly 'consumer-gate'?: readonly string[] | undefined
  readonly burrow?: string | undefined
  readonly 'service-manager'?: ServiceManagerName | undefined
  readonly service?: string | undefined
  readonly 'controller-service'?: string | undefined
  readonly 'no-sudo'?: boolean
  readonly 'stop-cmd'?: string | undefined
  readonly 'start-cmd'?: string | undefined
  readonly 'status-cmd'?: string | undefined
  readonly inventory?: string | undefined
}

const MINUTE_MS = 60_000
const TIMES: RollTimes = {
  stopTimeoutMs: 5 * MINUTE_MS,
  startTimeoutMs: 10 * MINUTE_MS,
  hookTimeoutMs: 10 * MINUTE_MS,
  stallMs: 20 * MINUTE_MS,
  samples: 3,
  stableCleanMs: 4_000,
  // Longer than the session of a broker: 9 s with KRaft, 18 s with ZooKeeper.
  stableUncleanMs: 20_000,
  sampleEveryMs: 2_000,
  minUptimeMs: 8_000,
  soakMs: 0,
  remoteTimeoutMs: 15_000,
}

function timesOf(flags: RollRunValues, base: RollTimes): RollTimes {
  const sampleEveryMs = flags['healthcheck-wait'] ?? base.sampleEveryMs
  const retries = flags['healthcheck-retries']
  const ofRetries = retries === undefined ? base.stallMs : retries * sampleEveryMs
  return {
    ...base,
    stopTimeoutMs: flags['stop-timeout'] ?? base.stopTimeoutMs,
    startTimeoutMs: flags['start-timeout'] ?? base.startTimeoutMs,
    hookTimeoutMs: flags['hook-timeout'] ?? base.hookTimeoutMs,
    stallMs: flags['recovery-stall'] ?? ofRetries,
    stableCleanMs: flags['stable-for'] ?? base.stableCleanMs,
    stableUncleanMs: flags['stable-after-unclean'] ?? base.stableUncleanMs,
    sampleEveryMs,
    soakMs: flags.soak ?? base.soakMs,
  }
}

/** A hook that is given as an empty text is none. */
function hooksOf(flags: RollRunValues, base: RollHooks): RollHooks {
  const all = ROLL_HOOKS.flatMap((hook): readonly [RollHook, string][] => {
    const command = flags[hook === 'rollback' ? 'rollback-cmd' : hook] ?? base[hook]
    return command === undefined || command.trim() === '' ? [] : [[hook, command]]
  })
  return Object.fromEntries(all)
}

/** A rollback command is there to be run; to ask for it without one is a mistake that would show with a broker down. */
function preStartFailureOf(
  flags: RollRunValues,
  hooks: RollHooks,
  base: PreStartFailure,
): PreStartFailure {
  const given = (flags['rollback-cmd'] ?? '').trim() !== '' ? 'rollback' : undefined
  const chosen = flags['on-pre-start-failure'] ?? given ?? base
  if (chosen !== 'rollback' || hooks.rollback !== undefined) return chosen
  throw new OperatorError({
    code: 'ROLLBACK_COMMAND_MISSING',
    message: 'there is no command that undoes what a pre-start hook did',
    nextSteps: ['give --rollback-cmd', 'or --on-pre-start-failure start'],
    exit: 'usage',
  })
}

type ServicePart = Pick<
  RollSettings,
  'manager' | 'service' | 'controllerService' | 'sudo' | 'templates'
>

function serviceOf(flags: RollRunValues, base: ServicePart): ServicePart {
  const { 'stop-cmd': stop, 'start-cmd': start, 'status-cmd': status } = flags
  return {
    manager: flags['service-manager'] ?? base.manager,
    service: flags.service ?? base.service,
    controllerService: flags['controller-service'] ?? base.controllerService,
    sudo: flags['no-sudo'] === true ? false : base.sudo,
    templates: {
      ...base.templates,
      ...(stop === undefined ? {} : { stop }),
      ...(start === undefined ? {} : { start }),
      ...(status === undefined ? {} : { status }),
    },
  }
}

function leadersOf(
  flags: RollRunValues,
  base: RollSettings,
): Pick<RollSettings, 'electLeaders' | 'maxLeaderImbalance' | 'drain'> {
  const electLeaders = base.electLeaders && flags['no-elect-leaders'] !== true
  return {
    electLeaders,
    maxLeaderImbalance: electLeaders
      ? (flags['leader-imbalance'] ?? base.maxLeaderImbalance)
      : null,
    drain: base.drain || flags.drain === true,
  }
}

/** Settings with those that flags name in place of the others: klinic.yaml's at the start, the journal's at a resume. */
export function overrideSettings(base: RollSettings, flags: RollRunValues): RollSettings {
  const hooks = hooksOf(flags, base.hooks)
  return {
    ...base,
    ...serviceOf(flags, base),
    ...leadersOf(flags, base),
    times: timesOf(flags, base.times),
    hooks,
    hooksRunLocally: base.hooksRunLocally || flags.local === true,
    onPreStartFailure: preStartFailureOf(flags, hooks, base.onPreStartFailure),
    startedBeforeMs: flags['started-before'] ?? base.startedBeforeMs,
    inventory: flags.inventory === undefined ? base.inventory : readInventory(flags.inventory),
    consumerGroups: flags['consumer-gate'] ?? base.consumerGroups,
    burrow: flags.burrow ?? base.burrow,
  }
}

function servicePart({ service }: Settings): ServicePart {
  const { manager, name, controllerName, sudo, stopCommand, startCommand, statusCommand } = service
  return {
    manager,
    service: name,
    controllerService: controllerName ?? '',
    sudo,
    templates: {
      ...(stopCommand === undefined ? {} : { stop: stopCommand }),
      ...(startCommand === undefined ? {} : { start: startCommand }),
      ...(statusCommand === undefined ? {} : { status: statusCommand }),
    },
  }
}

function sourceIn(plan: Plan, key: string): string | null {
  const value = plan.policy[key]
  return typeof value === 'string' ? value : null
}

/** What the plan's policy decided, and klinic.yaml; flags come on top. `imbalance` is the brokers' own threshold. */
export function settingsOfPlan(
  flags: RollRunValues,
  plan: Plan,
  from: { readonly settings: Settings; readonly imbalance: number },
): RollSettings {
  const margin = plan.policy['isrMargin']
  const base: RollSettings = {
    ...servicePart(from.settings),
    times: TIMES,
    hooks: {},
    hooksRunLocally: false,
    onPreStartFailure: 'start',
    isrMargin: typeof margin === 'number' ? margin : 0,
    allowOffline: sourceIn(plan, 'allowOffline'),
    allowBelowMinIsr: sourceIn(plan, 'allowBelowMinIsr'),
    allowReassignments: plan.policy['allowReassignments'] === true,
    keepOrder: plan.policy['keepOrder'] === true,
    electLeaders: true,
    drain: false,
    startedBeforeMs: null,
    maxLeaderImbalance: from.imbalance,
    inventory: from.settings.inventory.hosts ?? {},
    consumerGroups: [],
    burrow: null,
  }
  return overrideSettings(base, flags)
}
