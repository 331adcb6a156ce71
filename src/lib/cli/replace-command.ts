import { OperatorError } from '../errors/operator-error.js'
import type { ReplaceLift } from '../execution/replace/replacement-case.js'
import type { ExecutionEvent } from '../execution/reassign/events.js'
import type { ReplaceReason, ReplaceReport } from '../plan/replace-report.js'
import type { SnapshotTools } from './compose-snapshot.js'
import { underClusterLock, type LockWish } from './lock-choice.js'
import type { AlertTools } from './compose-alerts.js'
import type { ContextInput } from './read-context.js'
import type { WriteContext } from './write-context.js'

/** Flags that lift an objection. */
export const LIFTS: readonly ReplaceLift[] = [
  'ignore-cooldown',
  'accept-data-loss',
  'accept-unavailable',
]

/** Values of the flags of `broker replace`. */
export type ReplaceFlags = Readonly<Record<ReplaceLift, boolean>> & {
  readonly reason: ReplaceReason
  readonly again: boolean
  readonly 'script-timeout'?: number | undefined
  readonly 'replace-cooldown'?: number | undefined
  readonly 'min-dead-for'?: number | undefined
  readonly 'require-audit'?: boolean | undefined
}

/** What `broker replace` hands over. */
export interface ReplaceInput {
  readonly broker: number
  readonly argv: readonly string[]
  readonly flags: ReplaceFlags
  readonly tools: SnapshotTools
  readonly lock: LockWish
  readonly onEvent: (event: ExecutionEvent) => void
  /** What alerts are raised with. */
  readonly input: ContextInput
  readonly alertTools: AlertTools
}

/** The script of the command line, else that of klinic.yaml. Throws (exit 64) where there is neither. */
export function chooseScript(
  given: readonly string[],
  configured: readonly string[] | undefined,
): readonly string[] {
  const argv = given.length > 0 ? given : (configured ?? [])
  if (argv.length > 0) return argv
  throw new OperatorError({
    code: 'USAGE',
    message: 'which script replaces the broker? It stands behind --, or in klinic.yaml',
    nextSteps: [
      'klinic broker replace ID --reason dead -- SCRIPT ARGUMENT',
      'replace.command in klinic.yaml',
    ],
    exit: 'usage',
  })
}

/** Replaces a broker under the cluster's lock; the operator has confirmed. */
export async function replaceBroker(
  context: WriteContext,
  clusterId: string,
  { broker, argv, flags, tools, lock: wish, onEvent, input, alertTools }: ReplaceInput,
): Promise<ReplaceReport> {
  const { runReplacement } = await import('../execution/replace/run-replacement.js')
  const { openAlerts } = await import('./compose-alerts.js')
  const { isOfReplacing } = await import('../execution/alerts/owners.js')
  const { openReplacePorts } = await import('./compose-replace.js')
  const { currentActor } = await import('./compose-journal.js')
  const { clock, clusterName, settings } = context
  const request = {
    id: `replace-${broker}-${clock.nowMs().toString(36)}`,
    clusterId,
    ...(clusterName !== undefined && { clusterName }),
    broker,
    reason: flags.reason,
    argv,
    timeoutMs: flags['script-timeout'] ?? settings.replace.timeout,
    cooldownMs: flags['replace-cooldown'] ?? settings.replace.cooldown,
    lifts: new Set(LIFTS.filter((name) => flags[name])),
    again: flags.again,
    actor: currentActor(),
  }
  const what = `broker replace ${broker}`
  return underClusterLock({ context, clusterId, wish, what }, (hold) =>
    context.withCoordination(clusterId, async ({ state }) => {
      const told = { id: clusterId, state, isOurs: isOfReplacing(broker) }
      const alerts = await openAlerts(input, context, alertTools, told)
      return runReplacement(
        openReplacePorts({
          alerts,
          context,
          tools,
          state,
          hold,
          request,
          minDeadForMs: flags['min-dead-for'] ?? settings.policy.minDeadFor,
          requireAudit: flags['require-audit'],
          onEvent,
        }),
        request,
      )
    }),
  )
}
