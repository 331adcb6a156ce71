import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { startChild } from '../children.js'
import type { LabLayout } from '../options.js'
import { waitListening } from '../probe.js'
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

/** Starts an sshd for each broker of a lab with hosts; one key opens them all. */
export async function startHosts(lab: LabLayout): Promise<void> {
  const brokers = lab.brokers.flatMap(({ id, sshPort }) =>
    sshPort === null ? [] : { id, sshPort },
  )
  if (brokers.length === 0) return
  const files = hostFiles(lab.dir)
  mkdirSync(`${lab.dir}/hosts`, { recursive: true })
  makeSshKey(files.identityFile)
  const known = await Promise.all(
    brokers.map(async ({ id, sshPort }) => {
      const dir = `${lab.dir}/hosts/sshd-${id}`
      const { command, knownHostsFile } = prepareSshd(dir, sshPort, [`${files.identityFile}.pub`])
      await startChild(lab.dir, `sshd-${id}`, command, `${dir}/sshd.log`)
      await waitListening(sshPort, START_TIMEOUT_MS)
      return readFileSync(knownHostsFile, 'utf8')
    }),
  )
  const addresses = brokers.map(({ id, sshPort }) => `${id}: root@127.0.0.1:${sshPort}\n`)
  writeFileSync(files.knownHostsFile, known.join(''))
  writeFileSync(files.inventoryFile, addresses.join(''))
  writeFileSync(files.configFile, '')
}
