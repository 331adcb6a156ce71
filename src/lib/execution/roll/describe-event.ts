import { formatSeconds } from '../../units/format-seconds.js'
import type { RestartPhase } from '../../ports/journal.js'
import type { RollEvent } from './roll-deps.js'

const PHASES: Readonly<Record<RestartPhase, string>> = {
  gate: 'at the gate',
  'pre-stop': 'runs its pre-stop hook',
  draining: 'hands its leaders over',
  stopping: 'stops',
  stopped: 'is down',
  'pre-start': 'runs its pre-start hook',
  starting: 'starts',
  started: 'answers; its replicas catch up',
  recovered: 'is in sync, and leads again',
  'post-start': 'runs its post-start hook',
  done: 'done',
  failed: 'FAILED',
}

/** One line for whoever watches: who, what, and what it waits for. */
export function describeEvent(event: RollEvent): string {
  const who = event.broker === null ? 'cluster' : `broker ${event.broker}`
  switch (event.type) {
    case 'phase':
      return `${who}: ${PHASES[event.phase]}`
    case 'wait':
      return `${who}: waits for ${event.text}${event.waitedMs >= 1000 ? ` (${Math.round(event.waitedMs / 1000)} s)` : ''}`
    case 'hook': {
      const output = event.output.trim().split('\n').slice(-3).join(' | ')
      return `${who}: ${event.hook} hook exited ${event.exitCode ?? 'by a signal'}${output === '' ? '' : `: ${output}`}`
    }
    case 'eta':
      return `${who}: ${event.remaining} to go, about ${formatSeconds(event.seconds)}`
    case 'warning':
      return `${who}: ${event.text}`
  }
}
