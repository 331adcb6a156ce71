import { string } from '@oclif/core/args'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { confirmFlag, connectionFlags, wholeNumberFlag } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { RollCommand } from '../../lib/cli/roll-command.js'
import { loginFlags } from '../../lib/cli/ssh-flags.js'
import type { RollReport } from '../../lib/plan/roll-report.js'

/** `klinic roll resume [PLAN-ID]` */
export default class RollResume extends RollCommand {
  static override summary = 'go on with a rolling restart that was broken off'
  static override description = `A broker that was left down is brought back first; brokers that are done are not restarted again. Hooks, deadlines and
inventory are those that the roll began with.`
  static override examples = [
    'klinic roll resume --cluster prod --confirm prod',
    'klinic roll resume roll-1a2b3c4d --cluster prod',
  ]
  static override args = {
    roll: string({ description: 'id of the plan (default: the unfinished roll of this cluster)' }),
  }
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
    ...loginFlags,
    canary: wholeNumberFlag({ summary: 'stop after this many brokers' }),
  }
  static exitCodes = [
    'refused',
    'stoppedHalfWay',
    'hookSaidNo',
    'needsPerson',
    'badData',
    'tryLater',
  ] as const

  protected async execute(): Promise<Outcome<RollReport>> {
    const { args, flags } = await this.parse(RollResume)
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { readCluster } = await import('../../lib/cli/compose-snapshot.js')
    const { settingsFromJson } = await import('../../lib/execution/roll/roll-settings.js')
    const { withJournalsToRead } = await import('../../lib/cli/compose-journal.js')
    const { findRoll } = await import('../../lib/cli/find-roll.js')
    const { resumeRoll } = await import('../../lib/cli/run-roll-command.js')
    const { remainingSteps } = await import('../../lib/execution/roll/roll-journal.js')
    const context = await openWriteContext(this.contextInput(flags))
    const snapshot = await readCluster(context, this.ui)
    const warn = (text: string): void => this.ui.warn(text)
    const state = await withJournalsToRead(context, { warn }, (store) =>
      findRoll(store, snapshot.cluster.id, args.roll),
    )
    const { plan, planSha256, options } = state.started
    await this.confirm({
      what: `go on with roll ${plan.id}: ${remainingSteps(state).length} brokers remain`,
      clusterName: context.clusterName,
      clusterId: snapshot.cluster.id,
      confirm: flags.confirm,
    })
    const settings = settingsFromJson(options)
    const { prompt } = this.contextInput(flags).secrets
    const { canary } = flags
    const requireAudit = flags['require-audit']
    const common = {
      context,
      plan,
      planSha256,
      snapshot,
      settings,
      ssh: flags,
      canary,
      requireAudit,
    }
    return this.report(plan.id, (say) =>
      resumeRoll({ ...common, ask: prompt, signal: this.signal, say }),
    )
  }
}
