import { string } from '@oclif/core/args'

import { auditFlags } from '../../lib/cli/actions-flags.js'
import { confirmFlag, connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
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
    "klinic roll restart --cluster prod --batch rack --pre-stop 'klinic consumer health billing -w 60s' --local",
  ]
  static override args = {
    plan: string({ description: 'plan of klinic roll plan (default: plan now)' }),
  }
  static override flags = {
    ...connectionFlags,
    ...confirmFlag,
    ...auditFlags,
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
    const { openWriteContext } = await import('../../lib/cli/write-context.js')
    const { readCluster } = await import('../../lib/cli/compose-snapshot.js')
    const { choosePlan, describeRoll } = await import('../../lib/cli/choose-roll-plan.js')
    const { settingsOfPlan } = await import('../../lib/cli/roll-settings.js')
    const { startRoll } = await import('../../lib/cli/run-roll-command.js')
    const context = await openWriteContext(this.contextInput(flags))
    const snapshot = await readCluster(context, this.ui)
    const { plan, sha256 } = await choosePlan(args.plan, flags, snapshot)
    const settings = settingsOfPlan(flags, plan)
    await this.confirm({
      what: describeRoll(plan),
      clusterName: context.clusterName,
      clusterId: snapshot.cluster.id,
      confirm: flags.confirm,
    })
    const { prompt } = this.contextInput(flags).secrets
    return this.report(plan.id, (say) =>
      startRoll({
        context,
        plan,
        planSha256: sha256,
        snapshot,
        settings,
        ssh: flags,
        ask: prompt,
        canary: flags.canary,
        signal: this.signal,
        say,
        requireAudit: flags['require-audit'],
      }),
    )
  }
}
