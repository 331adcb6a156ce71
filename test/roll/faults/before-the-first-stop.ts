import { readFileSync, writeFileSync } from 'node:fs'

import { createTopic } from '../../lab/index.js'
import { labAccount } from '../../lab/ssh/account.js'
import { makeSshKey } from '../../lab/ssh/start-sshd.js'
import { deleteTopic } from './delete-topic.js'
import { Operator } from '../../live/roll-support.js'
import type { RollFault } from './fault.js'

/** Known hosts in which each host has the key of another one. */
function mixUp(knownHosts: string): string {
  const lines = knownHosts.trimEnd().split('\n')
  const keyOf = (line: string): string => line.split(' ').slice(1).join(' ')
  return lines
    .map(
      (line, index) =>
        `${line.split(' ')[0] ?? ''} ${keyOf(lines[(index + 1) % lines.length] ?? '')}\n`,
    )
    .join('')
}

const hostKeyChanged: RollFault = {
  id: 'host-key',
  what: 'refuses hosts whose key changed, and touches none (77)',
  run: async (world) => {
    const knownHostsFile = `${world.lab.dir}/known_hosts.changed`
    writeFileSync(
      knownHostsFile,
      mixUp(readFileSync(world.lab.hosts?.knownHostsFile ?? '', 'utf8')),
    )
    const roll = new Operator(world.lab, { knownHostsFile }).restart([])
    await world.expectRoll(roll, { exit: 77, says: /HOST_KEY_CHANGED/ })
  },
}

const lockedKey: RollFault = {
  id: 'locked-key',
  what: 'says that a key wants a passphrase where nobody can be asked, and touches nothing (77)',
  run: async (world) => {
    const identityFile = makeSshKey(`${world.lab.dir}/locked_key`, 'secret words')
    const roll = new Operator(world.lab, { identityFile }).restart([])
    await world.expectRoll(roll, { exit: 77, says: /KEY_NEEDS_PASSPHRASE/ })
  },
}

const sudoPassword: RollFault = {
  id: 'sudo',
  what: 'finds before the first stop that sudo wants a password on one of the hosts (77)',
  run: async (world) => {
    const { sudoersFile } = labAccount(world.lab.dir, world.lab.layout.basePort)
    const lines = readFileSync(sudoersFile, 'utf8')
    writeFileSync(sudoersFile, lines.replaceAll(/^.*broker-3.*\n/gm, ''))
    try {
      await world.expectRoll(world.restart([]), { exit: 77, says: /SUDO_WANTS_PASSWORD/ })
    } finally {
      writeFileSync(sudoersFile, lines)
    }
  },
}

const tightTopic: RollFault = {
  id: 'tight-topic',
  what: 'refuses a topic that has no replica to spare, by name (3)',
  run: async (world) => {
    await createTopic(world.lab, 'tight', [[1, 2]], { 'min.insync.replicas': '2' })
    try {
      const says =
        /REPLICATION_NOT_ABOVE_MIN_ISR[^]*tight-0|tight-0[^]*REPLICATION_NOT_ABOVE_MIN_ISR/
      await world.expectRoll(world.restart([]), { exit: 3, says })
    } finally {
      await deleteTopic(world.lab, 'tight')
    }
  },
}

/** What is found before any broker was asked to stop. */
export const beforeTheFirstStop: readonly RollFault[] = [
  hostKeyChanged,
  lockedKey,
  sudoPassword,
  tightTopic,
]
