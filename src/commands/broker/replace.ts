import { custom } from '@oclif/core/args'
import { boolean, option } from '@oclif/core/flags'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { alertTools } from '../../lib/cli/alert-tools.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { confirmFlag, connectionFlags, durationFlag } from '../../lib/cli/flags.js'
import { lockFlags, lockWish } from '../../lib/cli/lock-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { AS_LONG_AS_IT_TAKES_MS } from '../../lib/cli/reassign-command.js'
import { REPLACE_REASONS, type ReplaceReport } from '../../lib/plan/replace-report.js'

const brokerArgument = custom<number>({
  parse: (input) => {
    if (/^\d{1,9}$/.test(input)) return Promise.resolve(Number(input))
    throw new Error(`expected the id of a broker, got ${JSON.stringify(input)}`)
  },
})

/** `klinic broker replace ID` */
export default class BrokerReplace extends KlinicCommand<ReplaceReport> {
  static override summary = 'drain a broker that lives, and run the script that replaces it'
  static override description = `One at a time for a cluster, with a cooldown between two. Refused while another broker is sick, while partitions move,
when data would be lost, and for --reason dead when the broker answers or fewer than two signals say that it is dead. The
script is run by its words, without a shell, and finds KLINIC_* in its environment. Its exit code is obeyed: 0 is done,
any other is exit 6, and one that had to be ended is exit 7: then a person has to look before the next run (--again).`
  static override examples = [
    'klinic broker replace 3 --cluster prod --reason dead --confirm prod -- /opt/ops/replace-broker --yes',
    'klinic broker replace 3 --cluster prod --reason maintenance',
  ]
  static override strict = false
  static override args = { broker: brokerArgument({ required: true, description: 'its id' }) }
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    reason: option({ options: REPLACE_REASONS })({ summary: 'why it is replaced', required: true }),
    'script-timeout': durationFlag({ summary: 'longest run of the script (default 30m)' }),
    'replace-cooldown': durationFlag({ summary: 'time before the next one (default 12h)' }),
    'min-dead-for': durationFlag({
      summary: 'how long a broker must be gone before it counts as dead (default 10m)',
    }),
    'ignore-cooldown': boolean({
      summary: 'although another was replaced not long ago',
      default: false,
    }),
    'accept-data-loss': boolean({
      summary: 'although it has the only copy of data',
      default: false,
    }),
    'accept-unavailable': boolean({
      summary: 'although partitions fall below min.insync.replicas without it',
      default: false,
    }),
    again: boolean({
      summary: 'although an earlier script was broken off; you have looked at its broker',
      default: false,
    }),
    ...lockFlags,
    ...auditFlags,
  }
  static exitCodes = ['refused', 'hookSaidNo', 'needsPerson', 'stoppedHalfWay', 'tryLater'] as const
  protected override readonly stopWithinMs = AS_LONG_AS_IT_TAKES_MS

  protected async execute(): Promise<Outcome<ReplaceReport>> {
    const { args, flags, argv: words } = await this.parse(BrokerReplace)
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { chooseScript, replaceBroker } = await import('../../lib/cli/replace-command.js')
    const { openExecutionSink } = await import('../../lib/cli/execution-sink.js')
    const { renderReplacement } = await import('../../lib/report/heal/replace-text.js')
    const { broker } = args
    const input = this.contextInput(flags)
    const context = await openWriteContext(input)
    const argv = chooseScript(words.slice(1).map(String), context.settings.replace.command)
    const { clusterId } = await context.withReader((reader) => reader.readMetadata({ topics: [] }))
    await this.confirm({
      what: `replace broker ${broker} (${flags.reason}) by running ${argv.join(' ')}`,
      clusterName: context.clusterName,
      clusterId,
      confirm: flags.confirm,
    })
    const tools = { ui: this.ui, signal: this.signal }
    const sink = openExecutionSink(this.ui)
    this.host.signals.onLeaving(() => 'The script, if it was begun, runs on by itself.')
    const report = await replaceBroker(context, clusterId, {
      broker,
      argv,
      flags,
      tools,
      lock: lockWish(flags),
      onEvent: sink.onEvent,
      input,
      alertTools: alertTools(this.host, this.ui),
    }).finally(sink.stop)
    return {
      json: report,
      text: (style) => renderReplacement(report, style),
      ...(report.exit !== 'interrupted' && { exit: report.exit }),
    }
  }
}
