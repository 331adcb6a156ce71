import { existsSync, readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'

import SSHConfig from 'ssh-config'

import { OperatorError } from '../../errors/operator-error.js'
import type { SshSettings } from './ssh-settings.js'

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa']
const HOST = /^[A-Za-z0-9_]([A-Za-z0-9._:-]{0,253}[A-Za-z0-9_.])?$|^[0-9A-Fa-f]*:[0-9A-Fa-f:]*$/

/** Splits `user@host:port`; refuses names that a shell or ssh could take for an option. */
export function parseHost(text: string): {
  readonly user?: string
  readonly host: string
  readonly port?: number
} {
  const match = /^(?:([A-Za-z0-9._-]+)@)?(\[[0-9A-Fa-f:]+\]|[^@:[\]]+)(?::(\d{1,5}))?$/.exec(text)
  const host = match?.[2]?.replace(/^\[|\]$/g, '')
  if (
    match === null ||
    host === undefined ||
    !HOST.test(host) ||
    match[1]?.startsWith('-') === true
  ) {
    throw new OperatorError({
      code: 'BAD_HOST',
      message: `"${text}" is not a host to connect to`,
      nextSteps: ['write it as HOST, HOST:PORT or USER@HOST:PORT'],
      exit: 'usage',
    })
  }
  const port = match[3] === undefined ? {} : { port: Number(match[3]) }
  return { ...(match[1] === undefined ? {} : { user: match[1] }), host, ...port }
}

function expand(path: string, tokens: Readonly<Record<string, string>>): string {
  const replaced = path.replace(/%([%dhnpru])/g, (whole, letter: string) => tokens[letter] ?? whole)
  if (replaced.startsWith('~/')) return join(homedir(), replaced.slice(2))
  return isAbsolute(replaced) ? replaced : join(homedir(), '.ssh', replaced)
}

function asList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

function readConfigFile(path: string): ReturnType<typeof SSHConfig.parse> {
  if (!existsSync(path)) return SSHConfig.parse('')
  const text = readFileSync(path, 'utf8')
  if (/^\s*(include|match)\b/im.test(text)) {
    throw new OperatorError({
      code: 'SSH_CONFIG_UNSUPPORTED',
      message: `${path} uses Include or Match, which the built-in SSH client does not follow`,
      nextSteps: [
        'use the system client: --ssh-transport openssh',
        'or give a plain file: --ssh-config FILE',
      ],
      exit: 'badConfig',
    })
  }
  return SSHConfig.parse(text)
}

/** What may override the file: flags and klinic.yaml. */
export interface SshOverrides {
  readonly configFile?: string
  readonly user?: string
  readonly port?: number
  readonly identityFiles?: readonly string[]
  readonly knownHostsFiles?: readonly string[]
}

type Found = Readonly<Record<string, string | string[]>>

function first(found: Found, name: string): string | undefined {
  return asList(found[name])[0]
}

function chooseAgent(found: Found): string | undefined {
  const agent = first(found, 'identityagent') ?? process.env['SSH_AUTH_SOCK'] ?? 'none'
  return agent === 'none' || agent === '' ? undefined : agent
}

function chooseKeys(found: Found, overrides: SshOverrides): readonly string[] {
  const keys = overrides.identityFiles ?? asList(found['identityfile'])
  return keys.length > 0 ? keys : DEFAULT_KEYS.map((name) => `~/.ssh/${name}`)
}

function chooseKnownHosts(found: Found, overrides: SshOverrides): readonly string[] {
  if (overrides.knownHostsFiles !== undefined) return overrides.knownHostsFiles
  return (
    first(found, 'userknownhostsfile')?.split(/\s+/) ?? [
      '~/.ssh/known_hosts',
      '/etc/ssh/ssh_known_hosts',
    ]
  )
}

function chooseJumps(found: Found): readonly string[] {
  const jump = first(found, 'proxyjump') ?? 'none'
  return jump.toLowerCase() === 'none' ? [] : jump.split(',').map((hop) => hop.trim())
}

function chooseLogin(
  parsed: ReturnType<typeof parseHost>,
  overrides: SshOverrides,
  found: Found,
): { readonly user: string; readonly port: number } {
  return {
    user: parsed.user ?? overrides.user ?? first(found, 'user') ?? userInfo().username,
    port: parsed.port ?? overrides.port ?? Number(first(found, 'port') ?? 22),
  }
}

/** Resolves how to reach a host as OpenSSH would: overrides, then ~/.ssh/config, then defaults. */
export function resolveSshSettings(target: string, overrides: SshOverrides = {}): SshSettings {
  const parsed = parseHost(target)
  const config = readConfigFile(overrides.configFile ?? join(homedir(), '.ssh', 'config'))
  const found: Found = config.compute(parsed.host, { ignoreCase: true })
  const hostName = first(found, 'hostname')?.replaceAll('%h', parsed.host) ?? parsed.host
  const { user, port } = chooseLogin(parsed, overrides, found)
  const tokens = {
    '%': '%',
    d: homedir(),
    h: hostName,
    n: parsed.host,
    p: String(port),
    r: user,
    u: userInfo().username,
  }
  const agent = chooseAgent(found)
  return {
    hostName,
    port,
    user,
    keyName: first(found, 'hostkeyalias') ?? hostName,
    identityFiles: chooseKeys(found, overrides).map((path) => expand(path, tokens)),
    ...(agent === undefined ? {} : { agentSocket: expand(agent, tokens) }),
    knownHostsFiles: chooseKnownHosts(found, overrides).map((path) => expand(path, tokens)),
    jumps: chooseJumps(found),
  }
}
