import { openHosts } from '../adapters/ssh/open-hosts.js'
import { openSystemHosts } from '../adapters/ssh/open-system-hosts.js'
import type { SshOverrides } from '../adapters/ssh/read-ssh-config.js'
import type { Settings } from '../config/settings.js'
import type { HostConnector } from '../ports/hosts.js'

/** SSH flags as a command got them. */
export interface SshValues {
  readonly 'ssh-user'?: string | undefined
  readonly 'ssh-config'?: string | undefined
  readonly 'identity-file'?: readonly string[] | undefined
  readonly 'known-hosts'?: readonly string[] | undefined
  readonly 'ssh-transport'?: 'ssh2' | 'openssh' | undefined
  readonly 'accept-new-host-keys'?: boolean
  readonly 'prompt-for-passphrase'?: boolean
}

const CONNECT_TIMEOUT_MS = 15_000

function overridesOf(flags: SshValues, { ssh }: Settings): SshOverrides {
  const configFile = flags['ssh-config'] ?? ssh.config
  const user = flags['ssh-user'] ?? ssh.user
  const identityFiles = flags['identity-file'] ?? ssh.identityFiles
  const knownHostsFiles = flags['known-hosts'] ?? ssh.knownHosts
  return {
    ...(configFile === undefined ? {} : { configFile }),
    ...(user === undefined ? {} : { user }),
    ...(identityFiles === undefined ? {} : { identityFiles }),
    ...(knownHostsFiles === undefined ? {} : { knownHostsFiles }),
  }
}

/** A connector for the operator's hosts; a passphrase comes from the environment or a prompt, and is remembered. */
export function openRollHosts(
  flags: SshValues,
  settings: Settings,
  ask: ((what: string) => Promise<string>) | null,
): HostConnector {
  const asked = new Map<string, Promise<string>>()
  const passphraseOf = async (file: string): Promise<string | undefined> => {
    const given = process.env['KLINIC_SSH_PASSPHRASE']
    if (given !== undefined) return given
    if (flags['prompt-for-passphrase'] !== true || ask === null) return undefined
    const known = asked.get(file) ?? ask(`Passphrase of ${file}`)
    asked.set(file, known)
    return known
  }
  const overrides = overridesOf(flags, settings)
  const hostKeys = flags['accept-new-host-keys'] === true ? 'accept-new' : 'strict'
  const connectTimeoutMs = CONNECT_TIMEOUT_MS
  if ((flags['ssh-transport'] ?? settings.ssh.transport) === 'openssh')
    return openSystemHosts({ hostKeys, connectTimeoutMs }, overrides)
  return openHosts({ hostKeys, connectTimeoutMs, passphraseOf }, overrides)
}
