import { Args } from '@oclif/core'
import { string } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags, durationFlag, shareFlag, wholeNumberFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import type { ConsumerDocument } from '../../lib/report/consumers/consumer-text.js'

/** `klinic consumer health` */
export default class ConsumerHealth extends KlinicCommand<ConsumerDocument> {
  static override summary =
    'wait until consumer groups are well: for hooks of a rolling restart, and for cron'
  static override description = `Asks Burrow where --burrow names it, else judges from committed offsets and group state.
Exits 0 when all groups are well in one pass, 3 when they are not after the last try.`
  static override examples = [
    'klinic consumer health billing shipping --cluster prod',
    'klinic consumer health billing --burrow http://burrow:8000/v3/kafka/prod --wait 30s --retries 10',
  ]
  static override strict = false
  static override args = {
    group: Args.string({ description: 'consumer groups, one or more', required: true }),
  }
  static override flags = {
    ...connectionFlags,
    burrow: string({ summary: 'address of the cluster in Burrow (HTTP API v3)' }),
    wait: durationFlag({
      char: 'w',
      summary: 'pause between two passes',
      default: 30_000,
      defaultHelp: () => Promise.resolve('30s'),
    }),
    retries: wholeNumberFlag({ char: 'r', summary: 'passes at most', default: 10 }),
    window: durationFlag({
      env: 'KLINIC_CONSUMER_WINDOW',
      summary: 'how long lag may stand still (without Burrow)',
      default: 30_000,
      defaultHelp: () => Promise.resolve('30s'),
    }),
    'min-complete': shareFlag({
      summary: "share of Burrow's window that must be filled",
      default: 1,
      defaultHelp: () => Promise.resolve('100%'),
    }),
  }
  static exitCodes = ['refused'] as const

  protected async execute(): Promise<Outcome<ConsumerDocument>> {
    const { flags, argv } = await this.parse(ConsumerHealth)
    const groups = argv.map(String)
    const { withConsumerSource } = await import('../../lib/cli/compose-consumers.js')
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { waitForConsumers } = await import('../../lib/reading/consumers/wait-for-consumers.js')
    const progress = await this.ui.progress(`Looking at ${groups.length} consumer groups`)
    const choice = {
      burrow: flags.burrow,
      minComplete: flags['min-complete'],
      windowMs: flags.window,
    }
    const verdict = await withConsumerSource(
      choice,
      () => openReadContext(this.contextInput(flags)),
      (source, clock) =>
        waitForConsumers(source, groups, clock, {
          retries: Math.max(1, flags.retries),
          waitMs: flags.wait,
          signal: this.signal,
          onPass: (pass, health) => {
            const sick = health.filter((group) => group.status !== 'OK')
            if (sick.length > 0)
              progress.log(
                `pass ${pass}: ${sick.map((group) => `${group.groupId} ${group.why}`).join('; ')}`,
              )
          },
        }),
    ).finally(() => progress.stop())
    const { renderConsumers } = await import('../../lib/report/consumers/consumer-text.js')
    return {
      json: verdict,
      text: (style) => renderConsumers(verdict, style),
      exit: verdict.healthy ? 'done' : 'refused',
      quietWhenDone: verdict.healthy,
    }
  }
}
