import { boolean, option, string } from '@oclif/core/flags'

import type { Settings } from '../config/settings.js'
import { LIFTING_FLAGS, type LiftingFlag } from '../execution/reassign/guards/guard.js'
import { DEFAULT_LIMITS, type BatchLimits } from '../execution/reassign/next-moves.js'
import {
  DEFAULT_PATIENCE_MS,
  DEFAULT_STALL_MS,
  type RunSettings,
} from '../execution/reassign/run-types.js'
import { bytesFlag, durationFlag, wholeNumberFlag } from './flags.js'
import { throttleFlags, throttleSettings, type ThrottleValues } from './throttle-flags.js'
import { windowFlags, type WindowValues } from './window-flags.js'

const PACE = 'PACE'
const GUARDS = 'GUARDS (each is recorded when it is lifted)'

/** Flags that say how fast a plan is carried out. */
export const paceFlags = {
  ...throttleFlags,
  'max-in-per-broker': wholeNumberFlag({
    summary: `replicas that a broker receives at a time (default ${DEFAULT_LIMITS.inPerBroker})`,
    helpGroup: PACE,
  }),
  'max-out-per-broker': wholeNumberFlag({
    summary: `replicas that a broker sends at a time (default ${DEFAULT_LIMITS.outPerBroker})`,
    helpGroup: PACE,
  }),
  'max-partitions': wholeNumberFlag({
    summary: `partitions under way at a time (default ${DEFAULT_LIMITS.partitions})`,
    helpGroup: PACE,
  }),
  'max-bytes-in-flight': bytesFlag({
    summary: `bytes under way at a time (default ${DEFAULT_LIMITS.bytes / 1e9}GB)`,
    helpGroup: PACE,
  }),
  for: durationFlag({
    summary: 'start nothing more after this long; resume goes on with the rest',
    helpGroup: PACE,
  }),
  ...windowFlags,
  patience: durationFlag({
    summary: `how long a broker may be away before the run gives up (default ${DEFAULT_PATIENCE_MS / 1000}s)`,
    helpGroup: PACE,
  }),
  'stall-timeout': durationFlag({
    summary: `how long nothing may move before the run gives up (default ${DEFAULT_STALL_MS / 60_000}m)`,
    helpGroup: PACE,
  }),
  'on-trouble': option({
    options: ['wait', 'stop'] as const,
    summary: 'when a broker goes away or a partition falls under its min ISR (default wait)',
    helpGroup: PACE,
  })(),
  'json-events': boolean({
    summary: 'print one JSON document a line while it runs',
    exclusive: ['json'],
  }),
}

/** Lifts what maintenance forbids; also for commands that go on with something. */
export const maintenanceFlag = {
  'ignore-maintenance': boolean({
    summary: 'start although the cluster or a target is in maintenance, or nobody can tell',
    helpGroup: GUARDS,
  }),
}

/** Lifts what a partial view forbids; also for commands that go on with something. */
export const viewFlag = {
  'ignore-partial-view': boolean({
    summary: 'start although this principal may not see all partitions',
    helpGroup: GUARDS,
  }),
}

/** Flags that lift guards. */
export const guardFlags = {
  ...maintenanceFlag,
  'skip-changed': boolean({
    summary: 'leave out partitions that changed since the plan was made',
    helpGroup: GUARDS,
  }),
  additional: boolean({
    summary: "work beside somebody else's reassignments",
    helpGroup: GUARDS,
  }),
  'ignore-disk': boolean({
    summary: 'start although a target has no room for all of it; moves wait for room',
    helpGroup: GUARDS,
  }),
  'ignore-under-replicated': boolean({
    summary: 'start although other partitions, or leaders to be, are not in sync',
    helpGroup: GUARDS,
  }),
  'ignore-missing-brokers': boolean({
    summary: 'start although brokers are away, or do not answer, that the plan is not about',
    helpGroup: GUARDS,
  }),
  'ignore-min-isr': boolean({
    summary: 'start although partitions would have fewer replicas than their min ISR',
    helpGroup: GUARDS,
  }),
  ...viewFlag,
  'adopt-throttles': boolean({
    summary: 'start under throttles that others set, or may have set; they come back at the end',
    helpGroup: GUARDS,
  }),
}

/** Bind an execution to the very file that was reviewed, or say that what was done to it since is meant. */
export const reviewedFlags = {
  'accept-edits': boolean({
    summary: 'execute a plan that was edited after it was made (--plan-sha256 accepts it, too)',
    helpGroup: GUARDS,
  }),
  'plan-sha256': string({
    summary: 'run only if the plan file, as it lies there or unpacked, has this SHA-256',
  }),
}

/** Values of {@link paceFlags} and {@link guardFlags} as a command got them. */
export interface PaceValues extends WindowValues, ThrottleValues {
  readonly 'max-in-per-broker'?: number | undefined
  readonly 'max-out-per-broker'?: number | undefined
  readonly 'max-partitions'?: number | undefined
  readonly 'max-bytes-in-flight'?: number | undefined
  readonly for?: number | undefined
  readonly patience?: number | undefined
  readonly 'stall-timeout'?: number | undefined
  readonly 'on-trouble'?: 'wait' | 'stop' | undefined
}

/** The guards that the flags lift. */
export function liftedBy(flags: Readonly<Partial<Record<LiftingFlag, boolean>>>): Set<LiftingFlag> {
  return new Set(LIFTING_FLAGS.filter((name) => flags[name] === true))
}

/** Flags, then the configuration, then the defaults. */
export function runSettings(
  flags: PaceValues,
  configured: Pick<Settings, 'capacity' | 'policy'>,
  lifted: ReadonlySet<LiftingFlag>,
): RunSettings {
  const limits: BatchLimits = {
    inPerBroker: flags['max-in-per-broker'] ?? DEFAULT_LIMITS.inPerBroker,
    outPerBroker: flags['max-out-per-broker'] ?? DEFAULT_LIMITS.outPerBroker,
    partitions: flags['max-partitions'] ?? DEFAULT_LIMITS.partitions,
    bytes: flags['max-bytes-in-flight'] ?? DEFAULT_LIMITS.bytes,
  }
  return {
    limits,
    ...throttleSettings(flags, configured),
    besideOthers: lifted.has('additional'),
    forMs: flags.for ?? null,
    patienceMs: flags.patience ?? DEFAULT_PATIENCE_MS,
    stallMs: flags['stall-timeout'] ?? DEFAULT_STALL_MS,
    ...(flags['on-trouble'] !== undefined && { onTrouble: flags['on-trouble'] }),
  }
}
