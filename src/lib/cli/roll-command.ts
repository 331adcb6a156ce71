import type { RollEvent } from '../execution/roll/roll-deps.js'
import type { Snapshot } from '../model/snapshot.js'
import type { Plan } from '../plan/plan.js'
import type { RollReport } from '../plan/roll-report.js'
import { KlinicCommand } from './base-command.js'
import { connectionWords } from './connection-words.js'
import type { Outcome } from './outcome.js'
import { asConnectionFlags, type RollConnectionFlags } from './roll-connection.js'
import type { WriteContext } from './write-context.js'

/** Longest delay that a timer takes: a broker that was stopped is brought back before the command ends. */
const AS_LONG_AS_IT_TAKES_MS = 2 ** 31 - 1

/** A cluster to be rolled, as it is now, and how to ask for a passphrase. */
export interface RollGround {
  readonly context: WriteContext
  readonly snapshot: Snapshot
  readonly ask: ((what: string) => Promise<string>) | null
}

/** How a roll speaks with whoever watches it. */
export interface RollTalk {
  readonly say: (event: RollEvent) => void
  readonly askToGoOn: (question: string) => Promise<boolean>
}

/** What helps against the failure, and then how to go on. */
function nextSteps({ planId, complete, abandoned, failure }: RollReport): readonly string[] {
  if (complete || abandoned === true) return []
  const resume = 'klinic roll resume'
  const others = (failure?.nextSteps ?? []).filter((step) => !step.startsWith(resume))
  return [...others, `${resume} ${planId}`]
}

/** What `roll restart` and `roll resume` have in common: cluster, confirmation, a line for each event, the report. */
export abstract class RollCommand extends KlinicCommand<RollReport> {
  protected override readonly stopWithinMs = AS_LONG_AS_IT_TAKES_MS

  /** Opens the cluster that the flags mean, and reads it. */
  protected async readGround(flags: RollConnectionFlags): Promise<RollGround> {
    const { openWriteContext } = await import('./write-context.js')
    const { readCluster } = await import('./compose-snapshot.js')
    const input = this.contextInput(asConnectionFlags(flags))
    const context = await openWriteContext(input)
    return { context, snapshot: await readCluster(context, this.ui), ask: input.secrets.prompt }
  }

  /** Refuses to restart brokers that somebody else works on, or of a cluster that somebody else works on. */
  protected async refuseInMaintenance(
    { context }: RollGround,
    plan: Plan,
    ignore: boolean,
    lead?: string,
  ): Promise<void> {
    const { refuseInMaintenance } = await import('./read-state.js')
    const brokers = plan.steps.flatMap((step) => (step.type === 'restart' ? [step.broker] : []))
    const clusterId = plan.cluster.id
    await refuseInMaintenance(context, { clusterId, brokers, ignore, mineIsFine: true, lead })
  }

  /** Has what is about to be done confirmed by the cluster's name. */
  protected confirmOn(
    { context, snapshot }: RollGround,
    what: string,
    confirm: string | undefined,
  ): Promise<void> {
    const { clusterName } = context
    return this.confirm({ what, clusterName, clusterId: snapshot.cluster.id, confirm })
  }

  /** Runs a roll to its end and renders its report; a second signal leaves at once and says what goes on. */
  protected async report(
    flags: RollConnectionFlags,
    planId: string,
    run: (talk: RollTalk) => Promise<RollReport>,
  ): Promise<Outcome<RollReport>> {
    const { describeEvent } = await import('../execution/roll/describe-event.js')
    const { watchBrokersInHand } = await import('../execution/roll/describe-leaving.js')
    const { renderRollReport } = await import('../report/roll/roll-text.js')
    let progress = await this.ui.progress(`Roll ${planId}`)
    const inHand = watchBrokersInHand()
    const connection = connectionWords(asConnectionFlags(flags))
    this.host.signals.onLeaving(() => inHand.describe(planId, connection))
    try {
      const say = (event: RollEvent): void => {
        inHand.see(event)
        progress.log(describeEvent(event))
      }
      const askToGoOn = async (question: string): Promise<boolean> => {
        if (!this.ui.mayAsk) return false
        const { askYesOrNo } = await import('./confirm.js')
        progress.stop()
        const goesOn = await askYesOrNo(question, this.signal)
        progress = await this.ui.progress(`Roll ${planId}`)
        return goesOn
      }
      const report = await run({ say, askToGoOn })
      return {
        json: report,
        text: (style) => renderRollReport(report, style),
        ...(report.exit === 'interrupted' ? {} : { exit: report.exit }),
        next: nextSteps(report),
      }
    } finally {
      progress.stop()
    }
  }
}
