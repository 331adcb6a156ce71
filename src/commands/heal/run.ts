import { auditFlags } from '../../lib/cli/actions-flags.js'
import { alertTools } from '../../lib/cli/alert-tools.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import { healFlags } from '../../lib/cli/heal-flags.js'
import { healRunFlags } from '../../lib/cli/heal-run-flags.js'
import { lockFlags, lockWish } from '../../lib/cli/lock-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { AS_LONG_AS_IT_TAKES_MS, executionExitCodes } from '../../lib/cli/reassign-command.js'
import type { HealRunReport } from '../../lib/plan/heal-run-report.js'

/** `klinic heal run` */
export default class HealRun extends KlinicCommand<HealRunReport> {
  static override summary = 'heal what is understood and tell people of the rest, once; for cron'
  static override description = `One safe run: look, judge, plan, check, execute, verify, remember. Silent with --quiet while nothing is to do.
Not confident: one alert for each cause and cooldown, exit 3, and a message when it is over. Before the minimum time, in
maintenance or a cooldown, or while somebody else works on the cluster: exit 75. An execution that an earlier run left is
gone on with first. What it remembers stands in the state store of the cluster. Never asks.`
  static override examples = [
    'klinic heal run --cluster prod --confirm prod --quiet',
    'klinic heal run --cluster prod --confirm prod --only-confident --min-dead-for 30m',
  ]
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...healFlags,
    ...healRunFlags,
    ...lockFlags,
    ...auditFlags,
  }
  static exitCodes = executionExitCodes
  protected override readonly stopWithinMs = AS_LONG_AS_IT_TAKES_MS

  protected async execute(): Promise<Outcome<HealRunReport>> {
    const { flags } = await this.parse(HealRun)
    const { runHealCommand } = await import('../../lib/cli/run-heal-command.js')
    const { renderHealRun } = await import('../../lib/report/heal/heal-run-text.js')
    const { openExecutionSink } = await import('../../lib/cli/execution-sink.js')
    const input = this.contextInput(flags)
    const sink = openExecutionSink(this.ui)
    const report = await runHealCommand({
      // A terminal does not make it ask either: what is a secret has to be found without anybody.
      input: { ...input, secrets: { ...input.secrets, prompt: null } },
      flags,
      tools: { ui: this.ui, signal: this.signal },
      alertTools: alertTools(this.host, this.ui),
      lock: lockWish(flags),
      onEvent: sink.onEvent,
    }).finally(sink.stop)
    return {
      json: report,
      text: (style) => renderHealRun(report, style),
      ...(report.exit !== 'interrupted' && { exit: report.exit }),
      quietWhenDone: true,
    }
  }
}
