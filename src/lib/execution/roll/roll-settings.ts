import type { JsonValue } from '../../plan/plan.js'
import type { PreStartFailure, RollHooks, RollOptions, RollTimes } from './roll-deps.js'
import type { ServiceManagerName, ServiceTemplates } from './service-manager.js'

/**
 * Everything that was chosen for a roll, as plain data: written to the journal when it starts, so that a resume from another
 * terminal goes on in the same way. Holds no secrets.
 */
export interface RollSettings {
  readonly times: RollTimes
  readonly hooks: RollHooks
  readonly hooksRunLocally: boolean
  readonly onPreStartFailure: PreStartFailure
  readonly isrMargin: number
  /** Sources of regular expressions; null: none. */
  readonly allowOffline: string | null
  readonly allowBelowMinIsr: string | null
  readonly allowReassignments: boolean
  readonly electLeaders: boolean
  readonly drain: boolean
  readonly keepOrder: boolean
  /** Only brokers whose process started before this moment (Unix milliseconds); null: all. */
  readonly startedBeforeMs: number | null
  readonly maxLeaderImbalance: number | null
  readonly manager: ServiceManagerName
  readonly service: string
  /** Name of the service of controllers that are no brokers. */
  readonly controllerService: string
  /** Whether the built-in commands go through `sudo -n`. */
  readonly sudo: boolean
  readonly templates: ServiceTemplates
  /** SSH target of each broker id; brokers that are not named are reached at their advertised host. */
  readonly inventory: Readonly<Record<string, string>>
  readonly consumerGroups: readonly string[]
  readonly burrow: string | null
}

/** Options of the sequence from the settings. */
export function optionsOf(settings: RollSettings, rollId: string): RollOptions {
  const patterns = [settings.allowOffline, settings.allowBelowMinIsr]
    .filter((source) => source !== null)
    .map((source) => new RegExp(source, 'u'))
  const { times, hooks, hooksRunLocally, onPreStartFailure, isrMargin } = settings
  const { allowReassignments, electLeaders, maxLeaderImbalance, drain, keepOrder } = settings
  return {
    rollId,
    times,
    hooks,
    hooksRunLocally,
    onPreStartFailure,
    isrMargin,
    accepts: (topic) => patterns.some((pattern) => pattern.test(topic)),
    maxLeaderImbalance,
    allowReassignments,
    electLeaders,
    drain,
    keepOrder,
  }
}

/** The settings as the journal keeps them. */
export function settingsToJson(settings: RollSettings): Readonly<Record<string, JsonValue>> {
  return { roll: JSON.stringify(settings) }
}

/** What journals of an earlier version do not say. */
const SINCE_THEN = { drain: false, keepOrder: false, startedBeforeMs: null, controllerService: '' }

/** The settings that a journal began with; written by {@link settingsToJson}, whose record carries a checksum. */
export function settingsFromJson(options: Readonly<Record<string, JsonValue>>): RollSettings {
  const { roll } = options
  if (typeof roll !== 'string')
    throw new TypeError('the journal of a roll begins with its settings')
  return { ...SINCE_THEN, ...(JSON.parse(roll) as RollSettings) }
}
