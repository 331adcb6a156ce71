import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** An OpenSSH server of the lab's own on loopback: it runs from one folder and is ended by its process id. */
export interface LabSshd {
  readonly port: number
  readonly pid: number
  readonly knownHostsFile: string
  readonly identityFile: string
  stop(): Promise<void>
}

const SSHD = '/usr/sbin/sshd'

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`)
}

/** Makes a key pair without a passphrase unless one is given; an existing one is kept. */
export function makeSshKey(file: string, passphrase = ''): string {
  if (!existsSync(file)) run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file])
  return file
}

async function waitForPort(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => {
        resolve(false)
      })
    })
    if (open) return
    await sleep(50)
  }
  throw new Error(`sshd did not listen on port ${port} within 5 s`)
}

function writeConfig(dir: string, port: number, hostKey: string): string {
  const config = join(dir, 'sshd_config')
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `PidFile ${join(dir, 'sshd.pid')}`,
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'AllowTcpForwarding yes',
    'PrintMotd no',
    'LogLevel ERROR',
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  return config
}

/** What an sshd is started with, and what its clients need. */
export interface SshdFiles {
  readonly command: readonly string[]
  readonly knownHostsFile: string
  readonly identityFile: string
}

/** Writes keys and configuration of an sshd under `dir`; `authorizedKeys` are public key files that may log in. */
export function prepareSshd(
  dir: string,
  port: number,
  authorizedKeys: readonly string[] = [],
): SshdFiles {
  if (!existsSync(SSHD)) throw new Error(`${SSHD} is missing: apt-get install openssh-server`)
  mkdirSync(dir, { recursive: true })
  // sshd insists on this folder of its own for privilege separation.
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const hostKey = makeSshKey(join(dir, 'host_key'))
  const identityFile = makeSshKey(join(dir, 'id_ed25519'))
  const keys = [`${identityFile}.pub`, ...authorizedKeys].map((file) => readFileSync(file, 'utf8'))
  writeFileSync(join(dir, 'authorized_keys'), keys.join(''))
  const [type = '', key = ''] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ')
  const knownHostsFile = join(dir, 'known_hosts')
  writeFileSync(knownHostsFile, `[127.0.0.1]:${port} ${type} ${key}\n`)
  const command = [SSHD, '-D', '-f', writeConfig(dir, port, hostKey)]
  return { command, knownHostsFile, identityFile }
}

/** Starts an sshd under `dir`; `authorizedKeys` are public key files that may log in. */
export async function startSshd(
  dir: string,
  port: number,
  authorizedKeys: readonly string[] = [],
): Promise<LabSshd> {
  const { command, knownHostsFile, identityFile } = prepareSshd(dir, port, authorizedKeys)
  const child = spawn(SSHD, command.slice(1), { stdio: 'ignore' })
  const { pid } = child
  if (pid === undefined) throw new Error('sshd did not start')
  await waitForPort(port)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    port,
    pid,
    knownHostsFile,
    identityFile,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}
