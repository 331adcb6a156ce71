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
  readonly user?: string | undefined
  readonly manager: ServiceManagerName
  readonly service: string
  readonly controllerService: string
}

/** The lines that let an account stop, start and look at the service of each broker, and nothing else. */
export function sudoersOutcome(
  nodes: readonly { readonly id: number; readonly role?: 'controller' }[],
  choice: SudoersChoice,
): Outcome<SudoersDocument> {
  const user = choice.user ?? userInfo().username
  const hosts = nodes.map(({ id, role }) => {
    const own = role === 'controller' && choice.controllerService !== ''
    const name = own ? choice.controllerService : choice.service
    const service = name.replaceAll('{broker}', String(id))
    return { broker: id, lines: sudoersLines(user, serviceCommands(choice.manager, service)) }
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
