import type { ExitName } from '../errors/exit-codes.js'

/** A flag as the manifest keeps it. */
export interface FlagEntry {
  readonly name: string
  readonly char?: string
  readonly type: 'boolean' | 'option'
  readonly summary?: string
  readonly description?: string
  readonly helpGroup?: string
  readonly hidden?: boolean
  readonly required?: boolean
  readonly multiple?: boolean
  readonly options?: readonly string[]
  readonly default?: unknown
  /** Environment variable of a name of its own. */
  readonly env?: string
}

/** An argument as the manifest keeps it. */
export interface ArgEntry {
  readonly name: string
  readonly description?: string
  readonly required?: boolean
}

/** A command as the manifest keeps it: enough for help, suggestions and the frozen command snapshot. */
export interface CommandEntry {
  /** Words joined by `:`. */
  readonly id: string
  readonly summary?: string
  readonly description?: string
  readonly hidden?: boolean
  readonly examples?: readonly (
    string | { readonly command: string; readonly description: string }
  )[]
  readonly flags: Readonly<Record<string, FlagEntry>>
  readonly args: Readonly<Record<string, ArgEntry>>
  /** Exit codes beyond those that every command can end with. */
  readonly exitCodes?: readonly ExitName[]
}

/** All commands by id. */
export type Catalogue = Readonly<Record<string, CommandEntry>>

/** Topics with one line each, in the order of the root help: reading stands before writing. */
export const TOPICS: Readonly<Record<string, string>> = {
  cluster: 'see the state of a cluster, and check it',
  stats: 'measure traffic per partition, keep it, show it',
  snapshot: 'save a cluster with its traffic to a file',
  plan: 'read, compare and check plan files',
  heal: 'replace what a dead broker hosted',
  balance: 'even out traffic over brokers',
  drain: 'move leadership away from brokers',
  decommission: 'move all replicas away from brokers',
  leader: 'put leadership where it should be',
  rack: 'spread replicas over racks',
  replication: 'change the replication factor',
  access: 'see what the credentials in use may do',
  reassign: 'carry out plans, and follow, stop or undo them',
  roll: 'restart brokers one after the other',
  consumer: 'look at consumer groups',
  broker: 'replace a broker',
  maintenance: 'mark brokers as under maintenance',
  lock: 'see and break the lock of a cluster',
  actions: 'read the log of what was done',
  config: 'write, show and check klinic.yaml',
}

/** The longest run of leading words that is a command, and what follows it. */
export function findCommandId(
  argv: readonly string[],
  ids: ReadonlySet<string>,
): { readonly id: string; readonly rest: readonly string[] } | null {
  const firstFlag = argv.findIndex((word) => word.startsWith('-'))
  const words = firstFlag === -1 ? argv : argv.slice(0, firstFlag)
  for (let count = Math.min(words.length, 4); count > 0; count -= 1) {
    const id = words.slice(0, count).join(':')
    if (ids.has(id)) return { id, rest: argv.slice(count) }
  }
  return null
}
