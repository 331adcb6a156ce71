import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { runKlinic, emptyFolder, type Run } from '../commands/run-klinic.js'

/** Commands that change something, or that do not look at topics: they cannot call a cluster healthy. */
const OTHERS = new Set([
  ...['broker replace', 'heal run', 'lock break', 'maintenance start', 'maintenance stop'],
  ...['reassign cancel', 'reassign cleanup', 'reassign execute', 'reassign resume'],
  ...['roll restart', 'roll resume', 'stats collect'],
  ...['actions log', 'cluster list', 'lock show', 'maintenance list', 'roll status'],
  ...['config init', 'config show', 'config validate', 'plan diff', 'plan show', 'snapshot show'],
  // Reads the journal of this host, and offsets of one group that was named.
  ...['reassign rollback', 'consumer health'],
])

/** Commands that look at the topics of a cluster, and what they take beside the connection. */
const LOOKING: Readonly<Record<string, readonly string[]>> = {
  'access check': ['--for', 'plan'],
  'balance plan': [],
  'cluster check': [],
  'cluster status': [],
  'decommission plan': ['--brokers', '2'],
  'drain plan': ['--brokers', '2'],
  'heal plan': [],
  'leader plan': [],
  'plan validate': ['PLAN'],
  'rack plan': [],
  'reassign status': [],
  'replication plan': ['--topic', 'orders', '--factor', '2'],
  'roll plan': ['--brokers', '1'],
  'snapshot save': ['--output', 'SNAPSHOT'],
  'stats show': ['--observe', '5s'],
  'stats verify': [],
}

/** How klinic says that it does not see all. */
const SAYS_SO =
  /PARTIAL_VIEW|Metadata does not show us|are not shown to us|TOPIC_AUTHORIZATION_FAILED/

/** What the commands are run with. */
export interface Principal {
  readonly connection: () => readonly string[]
  readonly planFile: () => string
}

/** All commands of klinic, by the snapshot of its flags. */
function everyCommand(): readonly string[] {
  const file = new URL('../../command-snapshot.json', import.meta.url)
  const listed = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly command: string }[]
  return listed.map(({ command }) => command)
}

/** Runs every command that looks at topics as somebody who may see only some of them. */
export function describeCommandsOf(principal: Principal): void {
  describe('and sees only a part of the topics', () => {
    it('meets every command of klinic here', () => {
      expect([...OTHERS, ...Object.keys(LOOKING)].sort()).toEqual([...everyCommand()].sort())
    })

    it.each(Object.keys(LOOKING))('is told so by klinic %s', async (command) => {
      const folder = emptyFolder()
      const args = (LOOKING[command] ?? []).map((argument) => {
        if (argument === 'PLAN') return principal.planFile()
        return argument === 'SNAPSHOT' ? join(folder, 'snapshot.json') : argument
      })
      const ran = await runKlinic([...command.split(' '), ...args, ...principal.connection()])
      expect([command, saysSo(ran)], `exit ${String(ran.code)} ${ran.stdout}${ran.stderr}`).toEqual(
        [command, true],
      )
    })
  })
}

function saysSo({ stdout, stderr }: Run): boolean {
  return SAYS_SO.test(stdout + stderr)
}
