import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

import { serviceCommands, sudoersLines } from '../../../src/lib/execution/roll/service-manager.js'
import { startChild } from '../children.js'
import { brokerName } from '../names.js'
import type { LabLayout } from '../options.js'
import { waitListening } from '../probe.js'
import type { ServiceLayout } from '../services.js'
import { createAccount, labAccount } from './account.js'
import { makeSshKey, prepareSshd } from './start-sshd.js'

/** What an operator needs to log in to the hosts of a lab. */
export interface HostFiles {
  readonly identityFile: string
  readonly knownHostsFile: string
  /** Broker id to address, in the form that `klinic roll` reads. */
  readonly inventoryFile: string
  /** An empty ssh_config: the one of whoever runs the tests stays out of it. */
  readonly configFile: string
}

const START_TIMEOUT_MS = 20_000

/** Paths of the files of a lab with hosts. */
export function hostFiles(labDir: string): HostFiles {
  const dir = `${labDir}/hosts`
  return {
    identityFile: `${dir}/id_ed25519`,
    knownHostsFile: `${dir}/known_hosts`,
    inventoryFile: `${dir}/inventory.yaml`,
    configFile: `${dir}/ssh_config`,
  }
}

/** What `klinic roll plan --print-sudoers` says for a service. */
function linesOf(user: string, service: ServiceLayout): readonly string[] {
  const commands = service.supervised
    ? serviceCommands('supervisord', brokerName(service.id))
    : serviceCommands('runit', service.serviceDir ?? '')
  return sudoersLines(user, commands)
}

/**
 * Starts an sshd for each broker and controller of a lab with hosts. One key opens them all, for an account that is not root
 * and may do through sudo what a rolling restart needs, and nothing else.
 */
export async function startHosts(lab: LabLayout): Promise<void> {
  const services = [...lab.brokers, ...lab.controllers]
  const hosts = services.flatMap(({ id, sshPort }) => (sshPort === null ? [] : { id, sshPort }))
  if (hosts.length === 0) return
  const files = hostFiles(lab.dir)
  const account = labAccount(lab.dir, lab.basePort)
  mkdirSync(`${lab.dir}/hosts`, { recursive: true })
  // Whoever logs in is not root, and has to reach home and keys below.
  chmodSync(lab.dir, 0o711)
  const served = services.filter(({ serviceDir }) => serviceDir !== null)
  await createAccount(
    account,
    served.flatMap((service) => linesOf(account.user, service)),
  )
  makeSshKey(files.identityFile)
  const known = await Promise.all(
    hosts.map(async ({ id, sshPort }) => {
      const dir = `${lab.dir}/hosts/sshd-${id}`
      const { command, knownHostsFile } = prepareSshd(dir, sshPort, [`${files.identityFile}.pub`])
      await startChild(lab.dir, `sshd-${id}`, command, `${dir}/sshd.log`)
      await waitListening(sshPort, START_TIMEOUT_MS)
      return readFileSync(knownHostsFile, 'utf8')
    }),
  )
  const addresses = hosts.map(({ id, sshPort }) => `${id}: ${account.user}@127.0.0.1:${sshPort}\n`)
  writeFileSync(files.knownHostsFile, known.join(''))
  writeFileSync(files.inventoryFile, addresses.join(''))
  writeFileSync(files.configFile, '')
}
