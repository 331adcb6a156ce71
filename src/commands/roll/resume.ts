import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import { lockFlags, lockWish } from '../../lib/cli/lock-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { maintenanceFlag } from '../../lib/cli/reassign-flags.js'
import { RollCommand } from '../../lib/cli/roll-command.js'
import { rollHookFlags, rollPaceFlags } from '../../lib/cli/roll-run-flags.js'
import { loginFlags, serviceFlags, sshFlags } from '../../lib/cli/ssh-flags.js'
import type { RollReport } from '../../lib/plan/roll-report.js'

/** `klinic roll resume [PLAN-ID]` */
export default class RollResume extends RollCommand {
  static override summary = 'go on with a rolling restart that was broken off'
  static override description = `A broker that was left down is brought back first; brokers that are done are not restarted again. Hooks, deadlines,
services and inventory are those that the roll began with, unless flags name others, which are then written down.`
  static override examples = [
    'klinic roll resume --cluster prod --confirm prod',
    'klinic roll resume roll-1a2b3c4d --cluster prod',
    "klinic roll resume --cluster prod --pre-start ''",
    'klinic roll resume --cluster prod --abandon --confirm prod',
  ]
  static override args = {
    roll: string({ description: 'id of the plan (default: the unfinished roll of this cluster)' }),
  }
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
    ...lockFlags,
    ...maintenanceFlag,
    ...loginFlags,
    ...rollPaceFlags,
    ...rollHookFlags,
    ...serviceFlags,
    inventory: sshFlags.inventory,
    abandon: boolean({
      summary: 'bring up what was left down, restart nothing else, and end the roll for good',
    }),
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
    const { settingsFromJson } = await import('../../lib/execution/roll/roll-settings.js')
    const { withJournalsToRead } = await import('../../lib/cli/compose-journal.js')
    const { findRoll } = await import('../../lib/cli/find-roll.js')
    const { overrideSettings } = await import('../../lib/cli/roll-settings.js')
    const { describeResume, resumeRoll } = await import('../../lib/cli/run-roll-command.js')
    const ground = await this.readGround(flags)
    const { context, snapshot, ask } = ground
    const warn = (text: string): void => this.ui.warn(text)
    const state = await withJournalsToRead(context, { warn }, (store) =>
      findRoll(store, snapshot.cluster.id, args.roll),
    )
    const { plan, planSha256 } = state.started
    const { canary, 'pause-after': pauseAfter, abandon, 'require-audit': requireAudit } = flags
    const { NOT_GONE_ON } = await import('../../lib/execution/reassign/guards/check-guards.js')
    const ignored = abandon || flags['ignore-maintenance']
    await this.refuseInMaintenance(ground, plan, ignored, NOT_GONE_ON)
    await this.confirmOn(ground, describeResume(state, abandon), flags.confirm)
    const settings = overrideSettings(settingsFromJson(state.options), flags)
    const chosen = {
      context,
      plan,
      planSha256,
      snapshot,
      settings,
      ssh: flags,
      ask,
      lock: lockWish(flags),
      signal: this.signal,
    }
    return this.report(flags, plan.id, (talk) =>
      resumeRoll({ ...chosen, ...talk, canary, pauseAfter, abandon, requireAudit }),
    )
  }
}
