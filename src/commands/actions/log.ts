import { boolean, string } from '@oclif/core/flags'

import { actionsTopicFlag } from '../../lib/cli/actions-flags.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags, wholeNumberFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { ActionEntry } from '../../lib/plan/action-entry.js'

/** `klinic actions log` */
export default class ActionsLog extends KlinicCommand<readonly ActionEntry[]> {
  static override summary = 'show who did what to a cluster, from which host, and what came of it'
  static override description = `Reads the actions topic, which every host of an operations team writes to; without one, the journals of this
host. --json prints one JSON object a line. --follow goes on until Ctrl-C, or until nobody reads any more.`
  static override examples = [
    'klinic actions log --cluster prod',
    'klinic actions log --cluster prod --since 2026-11-20T22:00Z --plan balance-5b1f0c2e --all',
    'klinic actions log --cluster prod --follow --json',
    'klinic actions log --local --since 30d',
  ]
  static override flags = {
    ...connectionFlags,
    ...actionsTopicFlag,
    since: string({ summary: 'how far back: a duration or a time', default: '7d' }),
    plan: string({ summary: 'only what belongs to this plan' }),
    all: boolean({ summary: 'every change of state, not only what came of it' }),
    limit: wholeNumberFlag({
      env: 'KLINIC_ACTIONS_LIMIT',
      summary: 'how many entries to show, the newest of them',
      default: 500,
    }),
    follow: boolean({ summary: 'go on with what is done from now on' }),
    local: boolean({ summary: "this host's journals, although there is a topic" }),
  }
  static exitCodes = ['badData'] as const

  protected async execute(): Promise<Outcome<readonly ActionEntry[]>> {
    const { flags } = await this.parse(ActionsLog)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { readActionLog, sinceOf } = await import('../../lib/cli/actions-log.js')
    const { parseDurationMs } = await import('../../lib/units/parse-quantity.js')
    const { renderActionLine, renderActions } =
      await import('../../lib/report/actions/actions-text.js')
    const context = await openReadContext(this.contextInput(flags))
    const { streams } = this.host
    const print = (entry: ActionEntry): void =>
      streams.writeResult(flags.json ? JSON.stringify(entry) : renderActionLine(entry), false)
    const sinceMs = sinceOf(flags.since, parseDurationMs(flags.since), context.clock.nowMs())
    const { plan: planId, all, limit, follow, local } = flags
    await readActionLog(
      context,
      { sinceMs, planId, all, limit, follow, local },
      {
        begin: (entries, leftOut) => {
          if (leftOut > 0) this.ui.note(`${leftOut} older entries are left out (--limit).`)
          if (flags.json) for (const entry of entries) print(entry)
          else streams.writeResult(renderActions(entries), false)
        },
        more: print,
        warn: (text) => this.ui.warn(text),
      },
      AbortSignal.any([this.signal, streams.readerGone]),
    )
    return { json: [], text: () => '', isPrinted: true }
  }
}
