import { string } from '@oclif/core/args'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import { lockFlags, lockWish } from '../../lib/cli/lock-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { maintenanceFlag } from '../../lib/cli/reassign-flags.js'
import { RollCommand } from '../../lib/cli/roll-command.js'
import { rollFlags } from '../../lib/cli/roll-flags.js'
import { rollHookFlags, rollPaceFlags } from '../../lib/cli/roll-run-flags.js'
import { serviceFlags, sshFlags } from '../../lib/cli/ssh-flags.js'
import type { RollReport } from '../../lib/plan/roll-report.js'

/** `klinic roll restart [PLAN]` */
export default class RollRestart extends RollCommand {
  static override summary =
    'restart brokers one batch at a time over SSH, and never hurt a partition'
  static override description = `Runs a plan of klinic roll plan, or plans by the same flags. Every host is checked before the first stop. For each
broker: gate, pre-stop hook, gate again, stop, pre-start hook, start, replicas in sync, leaders back, post-start hook.
The first Ctrl-C finishes the broker in hand and stops; klinic roll resume goes on.`
  static override examples = [
    'klinic roll restart roll.json --cluster prod --confirm prod',
    'klinic roll restart --cluster prod --brokers 3 --service kafka --inventory hosts.yaml',
    "klinic roll restart --cluster prod --batch rack --pre-stop 'klinic consumer health billing --cluster prod -w 60s' --local",
  ]
  static override args = {
    plan: string({ description: 'plan of klinic roll plan (default: plan now)' }),
  }
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
    ...lockFlags,
    ...maintenanceFlag,
    ...rollFlags,
    ...rollPaceFlags,
    ...rollHookFlags,
    ...serviceFlags,
    ...sshFlags,
  }
  static exitCodes = [
    'refused',
    'stale',
    'stoppedHalfWay',
    'hookSaidNo',
    'needsPerson',
    'badData',
    'tryLater',
  ] as const

  protected async execute(): Promise<Outcome<RollReport>> {
    const { args, flags } = await this.parse(RollRestart)
    const { choosePlan, describeRoll } = await import('../../lib/cli/choose-roll-plan.js')
    const { inventoryOf, readBrokerSettings, readRollFacts } =
      await import('../../lib/cli/read-roll-facts.js')
    const { settingsOfPlan } = await import('../../lib/cli/roll-settings.js')
    const { startRoll } = await import('../../lib/cli/run-roll-command.js')
    const ground = await this.readGround(flags)
    const { context, snapshot, ask } = ground
    const inventory = inventoryOf(flags, context)
    const facts = await readRollFacts(context, snapshot, inventory)
    const { plan, sha256 } = await choosePlan(args.plan, flags, { snapshot, inventory, facts })
    const { maxLeaderImbalance: imbalance } = await readBrokerSettings(context, snapshot)
    const settings = settingsOfPlan(flags, plan, { settings: context.settings, imbalance })
    await this.refuseInMaintenance(ground, plan, flags['ignore-maintenance'])
    await this.confirmOn(ground, describeRoll(plan), flags.confirm)
    const { canary, 'pause-after': pauseAfter, 'require-audit': requireAudit } = flags
    const chosen = {
      context,
      plan,
      planSha256: sha256,
      snapshot,
      settings,
      ssh: flags,
      ask,
      lock: lockWish(flags),
      signal: this.signal,
    }
    const measured = facts.measuredSeconds
    return this.report(flags, plan.id, (talk) =>
      startRoll({ ...chosen, ...talk, canary, pauseAfter, measured, requireAudit }),
    )
  }
}
