import type { ExecutionEvent } from '../execution/reassign/events.js'
import type { ExecutionReport } from '../plan/execution-report.js'
import type { PreparationDocument } from '../report/execution/preparation-text.js'
import { KlinicCommand } from './base-command.js'
import { connectionWords, type ConnectionWords } from './connection-words.js'
import type { Outcome } from './outcome.js'

/** Longest delay that a timer takes: these commands finish what is under way before they stop. */
export const AS_LONG_AS_IT_TAKES_MS = 2 ** 31 - 1

/** Exit names of every command that carries moves out, beyond the common ones. */
export const executionExitCodes = [
  'refused',
  'stale',
  'stoppedHalfWay',
  'needsPerson',
  'badData',
  'tryLater',
] as const

/** What the commands that carry a plan out, or go on with one, have in common. */
export abstract class ReassignCommand extends KlinicCommand<ExecutionReport | PreparationDocument> {
  protected override readonly stopWithinMs = AS_LONG_AS_IT_TAKES_MS

  /**
   * Runs an execution to its end and renders its report. On a second signal the process leaves at once, having said
   * what remains and which command goes on.
   */
  protected async report(
    flags: ConnectionWords & { readonly 'json-events'?: boolean },
    planId: string,
    run: (onEvent: (event: ExecutionEvent) => void) => Promise<ExecutionReport>,
  ): Promise<Outcome<ExecutionReport>> {
    const { describeLeaving, nextCommands, renderReport } =
      await import('../report/execution/report-text.js')
    const connection = connectionWords(flags)
    const print = (document: unknown): void =>
      this.host.streams.writeResult(JSON.stringify(document), false)
    const asLines = flags['json-events'] === true
    const sink = asLines ? { onEvent: print, stop: () => undefined } : await this.#openProgress()
    let remains = { underWay: 0, isThrottled: false }
    this.host.signals.onLeaving(() => describeLeaving({ ...remains, planId, connection }))
    try {
      const report = await run((event) => {
        if (event.type === 'progress') {
          const { movesUnderWay: underWay, throttleBytesPerSec } = event.progress
          remains = { underWay, isThrottled: throttleBytesPerSec !== null }
        }
        sink.onEvent(event)
      })
      const text = asLines ? () => JSON.stringify({ type: 'report', report }) : null
      return {
        json: report,
        text: text ?? ((style) => renderReport(report, style)),
        ...(report.exit !== 'interrupted' && { exit: report.exit }),
        next: nextCommands(report, connection),
      }
    } finally {
      sink.stop()
    }
  }

  async #openProgress(): Promise<{ onEvent: (event: ExecutionEvent) => void; stop: () => void }> {
    const { progressScreen } = await import('../report/execution/progress-text.js')
    const progress = await this.ui.progress('Starting')
    return {
      onEvent: (event) => {
        if (event.type === 'progress') progress.update(progressScreen(event.progress))
        else if (event.type === 'note') progress.log(event.text)
      },
      stop: () => progress.stop(),
    }
  }
}
