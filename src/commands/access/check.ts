import { option } from '@oclif/core/flags'

import { KlinicCommand } from '../../lib/cli/base-command.js'
import { connectionFlags } from '../../lib/cli/flags.js'
import type { Outcome } from '../../lib/cli/outcome.js'
import { PURPOSES } from '../../lib/health/access/required-access.js'
import type { AccessReport } from '../../lib/health/access/judge-access.js'

/** `klinic access check` */
export default class AccessCheck extends KlinicCommand<AccessReport> {
  static override summary = 'say which rights (ACLs) the credentials in use lack'
  static override description = `Asks Kafka itself what the principal may do, and compares it with what planning, executing or restarting takes.
Nothing is written to find out; what Kafka does not tell is said to be unknown. Exits 77 when a right is missing.`
  static override examples = [
    'klinic access check --cluster prod',
    'klinic access check --for execute --bootstrap-server k1:9093 --command-config client.properties',
  ]
  static override flags = {
    ...connectionFlags,
    for: option({
      options: PURPOSES,
      default: 'plan' as const,
      summary: 'what the rights are needed for',
    })(),
  }
  static exitCodes = ['refused'] as const

  protected async execute(): Promise<Outcome<AccessReport>> {
    const { flags } = await this.parse(AccessCheck)
    const { openReadContext } = await import('../../lib/cli/read-context.js')
    const { readAccess } = await import('../../lib/cli/read-access.js')
    const { renderAccess } = await import('../../lib/report/access-text.js')
    const context = await openReadContext(this.contextInput(flags))
    const report = await readAccess(context, this.ui, flags.for)
    const exit = report.certain ? 'done' : 'refused'
    return {
      json: report,
      text: (style) => renderAccess(report, style),
      exit: report.sufficient ? exit : 'notAuthorised',
    }
  }
}
