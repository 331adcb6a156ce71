import { OperatorError } from '../errors/operator-error.js'
import type { Snapshot } from '../model/snapshot.js'

/** SSH target of each broker id. */
export type Inventory = Readonly<Record<string, string>>

/** `user@host:2222` -> `host:2222`; the login of `--hosts` is that of the inventory. */
const withoutUser = (target: string): string => target.slice(target.indexOf('@') + 1)
const withoutPort = (target: string): string => target.replace(/:\d+$/, '')

function badHost(message: string): OperatorError {
  return new OperatorError({
    code: 'UNKNOWN_HOST',
    message,
    nextSteps: ['klinic cluster status', 'name brokers by their ids: --brokers 3,1'],
    exit: 'usage',
  })
}

function brokerOfHost(snapshot: Snapshot, host: string, inventory: Inventory): number {
  const wanted = withoutUser(host)
  const found = snapshot.brokers.filter(({ id, host: advertised, port }) => {
    const target = withoutUser(inventory[String(id)] ?? '')
    return [advertised, `${advertised}:${port}`, target, withoutPort(target)].includes(wanted)
  })
  const [first, second] = found
  if (first === undefined) throw badHost(`no broker of this cluster runs on ${wanted}`)
  if (second === undefined) return first.id
  const ids = found.map(({ id }) => id).join(', ')
  throw badHost(`brokers ${ids} all run on ${wanted}: name it with its port, or use ids`)
}

/** Ids of the brokers on hosts such as `b1.example.net,b2.example.net`, in that order; by advertised name or inventory. */
export function brokersOfHosts(
  snapshot: Snapshot,
  hosts: string,
  inventory: Inventory,
): readonly number[] {
  const names = hosts.split(',').map((host) => host.trim())
  return [...new Set(names.map((host) => brokerOfHost(snapshot, host, inventory)))]
}
