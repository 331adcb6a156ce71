import type { RollEvent } from '../execution/roll/roll-deps.js'
import type { RollReport } from '../plan/roll-report.js'
import { KlinicCommand } from './base-command.js'
import type { Outcome } from './outcome.js'

/** Longest delay that a timer takes: a broker that was stopped is brought back before the command ends. */
const AS_LONG_AS_IT_TAKES_MS = 2 ** 31 - 1

/** What `roll restart` and `roll resume` have in common: a line for each event, and the report at the end. */
export abstract class RollCommand extends KlinicCommand<RollReport> {
  protected override readonly stopWithinMs = AS_LONG_AS_IT_TAKES_MS

  /** Runs a roll to its end and renders its report; a second signal leaves at once and says what goes on. */
  protected async report(
    planId: string,
    run: (say: (event: RollEvent) => void) => Promise<RollReport>,
  ): Promise<Outcome<RollReport>> {
    const { describeEvent } = await import('../execution/roll/describe-event.js')
    const { renderRollReport } = await import('../report/roll/roll-text.js')
    const progress = await this.ui.progress(`Roll ${planId}`)
    let inHand = ''
    this.host.signals.onLeaving(
      () =>
        `${inHand === '' ? '' : `Broker ${inHand} may be down. `}Go on with: klinic roll resume ${planId}`,
    )
    try {
      const report = await run((event) => {
        if (event.type === 'phase') inHand = event.phase === 'done' ? '' : String(event.broker)
        progress.log(describeEvent(event))
      })
      return {
        json: report,
        text: (style) => renderRollReport(report, style),
        ...(report.exit === 'interrupted' ? {} : { exit: report.exit }),
        next: report.complete ? [] : [`klinic roll resume ${planId}`],
      }
    } finally {
      progress.stop()
    }
  }
}
