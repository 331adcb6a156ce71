import { boolean, string } from '@oclif/core/flags'

import type { BalanceResult } from '../../lib/cli/balance-answers.js'
import { KlinicCommand } from '../../lib/cli/base-command.js'
import { bytesFlag, wholeNumberFlag } from '../../lib/cli/flags.js'
import { bandFlag, regexFlag, resourcesFlag } from '../../lib/cli/list-flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { planExitCodes, planFlags } from '../../lib/cli/plan-flags.js'
import {
  brokerChoiceFlags,
  capacityFlags,
  partialFlag,
  rackFlags,
} from '../../lib/cli/target-flags.js'

/** `klinic balance plan` */
export default class BalancePlan extends KlinicCommand<BalanceResult> {
  static override summary =
    'plan how to even out brokers with as little data moved as can be; changes nothing'
  static override description = `Leadership first, which moves no data; then replicas. No broker over its limit, then all within the
band around the mean utilisation. Each step says why.`
  static override examples = [
    'klinic balance plan --bootstrap-server localhost:9092 --observe 60s --output balance.json',
    'klinic balance plan --cluster prod --resources in,out,disk --limit 80% --output balance.json',
    'klinic balance plan --from-snapshot prod.json.gz --max-bytes 500GB --json',
    'klinic balance plan --cluster prod --only-to 7,8',
  ]
  static override flags = {
    ...planFlags,
    resources: resourcesFlag({
      summary: 'what to even out: in,out,disk,leaders,replicas (default in,out)',
    }),
    band: bandFlag({
      summary:
        'distance from the mean utilisation that is fine, or off: relieve only (default 10%)',
    }),
    ...capacityFlags,
    ...brokerChoiceFlags,
    ...rackFlags,
    'exclude-topics': regexFlag({
      summary: 'topics that stay where they are (regular expression)',
    }),
    'max-bytes': bytesFlag({ summary: 'the best plan that moves no more than this' }),
    'max-moves': wholeNumberFlag({ summary: 'the best plan with no more replica moves than this' }),
    ...partialFlag,
    'fix-racks': boolean({ summary: 'repair rack violations as well', default: false }),
    explain: string({ summary: 'TOPIC-PARTITION: why it moves, or why it does not' }),
    curve: boolean({ summary: 'what each further amount of data moved would buy' }),
  }
  static exitCodes = planExitCodes

  protected async execute(): Promise<Outcome<BalanceResult>> {
    const { flags } = await this.parse(BalancePlan)
    const { openPlanning } = await import('../../lib/cli/open-planning.js')
    const { balancePolicy, requireTraffic } = await import('../../lib/cli/balance-policy.js')
    const tools = { ui: this.ui, signal: this.signal }
    const { snapshot, settings } = await openPlanning(this.contextInput(flags), flags, tools)
    const policy = balancePolicy(flags, settings)
    requireTraffic(snapshot, policy)
    const { balanceOutcome } = await import('../../lib/cli/balance-answers.js')
    return balanceOutcome(snapshot, policy, flags)
  }
}
