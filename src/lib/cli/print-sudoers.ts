import { userInfo } from 'node:os'

import { serviceCommands, sudoersLines } from '../execution/roll/service-manager.js'
import type { ServiceManagerName } from '../execution/roll/service-manager.js'
import type { Outcome } from './outcome.js'

/** What `roll plan --print-sudoers` prints with `--json`. */
export interface SudoersDocument {
  readonly user: string
  readonly hosts: readonly { readonly broker: number; readonly lines: readonly string[] }[]
}

/** Flags that decide which commands go through sudo. */
export interface SudoersChoice {
  readonly 'ssh-user'?: string | undefined
  readonly 'service-manager': ServiceManagerName
  readonly service: string
}

/** The lines that let an account stop, start and look at the service of each broker, and nothing else. */
export function sudoersOutcome(
  brokers: readonly number[],
  flags: SudoersChoice,
): Outcome<SudoersDocument> {
  const user = flags['ssh-user'] ?? userInfo().username
  const hosts = brokers.map((broker) => {
    const service = flags.service.replaceAll('{broker}', String(broker))
    return { broker, lines: sudoersLines(user, serviceCommands(flags['service-manager'], service)) }
  })
  const byLines = new Map<string, number[]>()
  for (const { broker, lines } of hosts) {
    const text = lines.join('\n')
    byLines.set(text, [...(byLines.get(text) ?? []), broker])
  }
  const text = [...byLines].map(
    ([lines, ids]) => `# /etc/sudoers.d/klinic on the host of broker ${ids.join(', ')}\n${lines}`,
  )
  return { json: { user, hosts }, text: () => text.join('\n\n') }
}
