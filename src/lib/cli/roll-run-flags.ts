import { boolean, option, string } from '@oclif/core/flags'

import { durationFlag, shareFlag, wholeNumberFlag } from './flags.js'
import { momentFlag, secondsFlag } from './time-flags.js'

const PACE = 'PACE'
const HOOKS = 'HOOKS'

/** Deadlines and pauses of a rolling restart. */
export const rollPaceFlags = {
  'stop-timeout': durationFlag({ summary: 'longest stop (default 5m)', helpGroup: PACE }),
  'start-timeout': durationFlag({
    summary: 'how long a started broker may do nothing before it answers (default 10m)',
    helpGroup: PACE,
  }),
  'recovery-stall': durationFlag({
    summary: 'how long nothing may get better while a gate waits (default 20m)',
    helpGroup: PACE,
  }),
  'healthcheck-wait': secondsFlag({
    char: 'e',
    summary: 'pause between two looks at the cluster (default 2s)',
    helpGroup: PACE,
  }),
  'healthcheck-retries': wholeNumberFlag({
    summary: 'looks without progress at most, instead of --recovery-stall',
    helpGroup: PACE,
  }),
  'stable-for': durationFlag({
    summary: 'how long the cluster must stay well before a stop (default 4s)',
    helpGroup: PACE,
  }),
  'stable-after-unclean': durationFlag({
    summary: 'the same after an unclean stop: longer than a broker session (default 20s)',
    helpGroup: PACE,
  }),
  soak: durationFlag({
    summary: 'pause between brokers; longer while the lag of --consumer-gate grows (default 0s)',
    helpGroup: PACE,
  }),
  'started-before': momentFlag({
    summary: 'only brokers whose process started before this time, such as 2026-11-21T14:00Z',
    helpGroup: PACE,
  }),
  drain: boolean({
    summary: 'move leadership off a broker before its stop, and back when it is well again',
    helpGroup: PACE,
  }),
  canary: wholeNumberFlag({
    summary: 'stop after this many brokers; klinic roll resume goes on',
    helpGroup: PACE,
  }),
  'pause-after': wholeNumberFlag({
    summary:
      'compare traffic and lag after this many brokers, and ask before the others; without a terminal stop there like --canary',
    helpGroup: PACE,
  }),
  'leader-imbalance': shareFlag({
    summary:
      "share of a broker's preferred partitions that may be led elsewhere (default: the broker's own leader.imbalance.per.broker.percentage)",
    helpGroup: PACE,
  }),
  'no-elect-leaders': boolean({
    summary: 'leave leadership where it is; the imbalance is not judged either',
    helpGroup: PACE,
  }),
}

/** The operator's own commands around stop and start. */
export const rollHookFlags = {
  'pre-stop': string({ char: 'p', summary: 'before the stop', helpGroup: HOOKS }),
  'post-stop': string({ summary: 'after the stop', helpGroup: HOOKS }),
  'pre-start': string({ char: 'r', summary: 'before the start', helpGroup: HOOKS }),
  'rollback-cmd': string({
    summary: 'undoes what a pre-start hook did that failed; then the broker is started',
    helpGroup: HOOKS,
  }),
  'post-start': string({ summary: 'when the broker is back', helpGroup: HOOKS }),
  local: boolean({ summary: 'run hooks here, not on the broker', helpGroup: HOOKS }),
  'hook-timeout': durationFlag({ summary: 'longest hook (default 10m)', helpGroup: HOOKS }),
  'on-pre-start-failure': option({
    options: ['start', 'rollback', 'leave'] as const,
  })({
    summary:
      'start the broker all the same (default), run --rollback-cmd first (default with it), or leave it down',
    helpGroup: HOOKS,
  }),
  'consumer-gate': string({
    summary: 'consumer group that must be well before each stop (may be repeated)',
    multiple: true,
    helpGroup: HOOKS,
  }),
  burrow: string({
    summary: 'ask Burrow about those groups (address of the cluster)',
    helpGroup: HOOKS,
  }),
}
