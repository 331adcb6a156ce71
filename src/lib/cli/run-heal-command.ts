import type { ExecutionEvent } from '../execution/reassign/events.js'
import { isOfHealing } from '../execution/alerts/owners.js'
import { OperatorError } from '../errors/operator-error.js'
import type { AlertCause } from '../model/alert.js'
import type { HealRunReport } from '../plan/heal-run-report.js'
import type { AlertTools } from './compose-alerts.js'
import type { HealRunFlags } from './heal-run-parts.js'
import type { SnapshotTools } from './compose-snapshot.js'
import { confirmByName } from './confirm.js'
import type { LockWish } from './lock-choice.js'
import type { ContextInput } from './read-context.js'
import { openWriteContext, type WriteContext } from './write-context.js'

/** What `heal run` hands over. */
export interface HealRunInput {
  readonly input: ContextInput
  readonly flags: HealRunFlags & {
    readonly confirm?: string | undefined
    readonly 'urp-alert-after'?: number | undefined
    readonly 'heal-cooldown'?: number | undefined
  }
  readonly tools: SnapshotTools
  readonly alertTools: AlertTools
  readonly lock: LockWish
  readonly onEvent: (event: ExecutionEvent) => void
}

/** One heal run against the real cluster. Never asks; a cluster that cannot be reached is an alert of its own, and 69. */
export async function runHealCommand(run: HealRunInput): Promise<HealRunReport> {
  const context = await openWriteContext(run.input)
  try {
    const report = await runOn(context, run)
    await tellReachable(context, run, [])
    return report
  } catch (error) {
    if (error instanceof OperatorError && error.exit === 'unreachable') {
      await tellReachable(context, run, [unreachable(error)])
    }
    throw error
  }
}

async function runOn(context: WriteContext, run: HealRunInput): Promise<HealRunReport> {
  const { flags, tools, lock, onEvent, alertTools } = run
  const { clusterId } = await context.withReader((reader) => reader.readMetadata({ topics: [] }))
  const { clusterName, settings } = context
  const what = 'heal what is sick'
  await confirmByName({ what, clusterName, clusterId, confirm: flags.confirm }, false)
  const { openAlerts } = await import('./compose-alerts.js')
  const { openHealRunPorts } = await import('./compose-heal-run.js')
  const { runHeal } = await import('../execution/heal/run-heal.js')
  const { lockedBy } = await import('../execution/lock/hold-cluster.js')
  const { currentActor } = await import('./compose-journal.js')
  return context.withCoordination(clusterId, async (coordination) => {
    const { state } = coordination
    const alerts = await openAlerts(run.input, context, alertTools, {
      id: clusterId,
      state,
      isOurs: isOfHealing,
    })
    const ports = openHealRunPorts({
      context,
      clusterId,
      flags,
      tools,
      state,
      alerts,
      lock,
      holder: async () => {
        const found = await coordination.holder()
        return found === null ? null : lockedBy(clusterId, found).message
      },
      onEvent,
    })
    return runHeal(ports, {
      clusterId,
      actor: currentActor(),
      urpAlertAfterMs: flags['urp-alert-after'] ?? settings.heal.urpAlertAfter,
      cooldownMs: flags['heal-cooldown'] ?? settings.heal.cooldown,
    })
  })
}

function unreachable({ message }: OperatorError): AlertCause {
  return {
    kind: 'CLUSTER_UNREACHABLE',
    subject: 'cluster',
    severity: 'critical',
    message: `heal run cannot reach the cluster: ${message}`,
    nextSteps: ['klinic cluster check'],
  }
}

/**
 * What the cluster remembers is out of reach with it, so this host remembers. Only for a cluster that was named, and
 * confirmed by that name: there is no other to tell people of.
 */
async function tellReachable(
  context: WriteContext,
  run: HealRunInput,
  causes: readonly AlertCause[],
): Promise<void> {
  const { clusterName } = context
  if (clusterName === undefined || run.flags.confirm !== clusterName) return
  const { openAlerts, openLocalAlertState } = await import('./compose-alerts.js')
  const { raiseAlerts } = await import('../execution/alerts/raise-alerts.js')
  const state = await openLocalAlertState(clusterName)
  if (causes.length === 0 && (await state.read()).size === 0) return
  const id = context.expectedClusterId ?? clusterName
  await raiseAlerts(
    await openAlerts(run.input, context, run.alertTools, { id, state, isOurs: isOfHealing }),
    causes,
  )
}
