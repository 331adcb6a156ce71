import type { Duplex } from 'node:stream'

import type { AnyAuthMethod, ConnectConfig, HostVerifier, ServerHostKeyAlgorithm } from 'ssh2'
import ssh2 from 'ssh2'

import type { OperatorError } from '../../errors/operator-error.js'
import type { HostKeyVerdict } from './known-hosts.js'
import type { PassphraseSource, UsableKey } from './load-keys.js'
import { loadKeys } from './load-keys.js'
import { hostKeyError, loginError, unreachableError } from './ssh-errors.js'
import type { HostKeyPolicy, SshSettings } from './ssh-settings.js'
import { knownKeyTypes, readTrustedKeys, verifyHostKey } from './verify-host-key.js'

/** What a connection needs beside the host's own settings. */
export interface SshPolicy {
  readonly hostKeys: HostKeyPolicy
  readonly connectTimeoutMs: number
  readonly passphraseOf: PassphraseSource
}

const KEEPALIVE_MS = 5_000
const RSA = ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] as const
const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** Known key types first: otherwise a host with two keys looks like one whose key has changed. */
function preferKnown(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const known = types.flatMap((type): readonly string[] => (type === 'ssh-rsa' ? RSA : [type]))
  const first = HOST_KEY_ALGORITHMS.filter((algorithm) => known.includes(algorithm))
  return [...first, ...HOST_KEY_ALGORITHMS.filter((algorithm) => !first.includes(algorithm))]
}

function authMethods(settings: SshSettings, keys: readonly UsableKey[]): AnyAuthMethod[] {
  const agent: AnyAuthMethod[] =
    settings.agentSocket === undefined
      ? []
      : [{ type: 'agent', username: settings.user, agent: settings.agentSocket }]
  const files = keys.map((key): AnyAuthMethod => ({
    type: 'publickey',
    username: settings.user,
    key: key.pem,
    ...(key.passphrase === undefined ? {} : { passphrase: key.passphrase }),
  }))
  return [...agent, ...files]
}

function makeVerifier(
  settings: SshSettings,
  policy: SshPolicy,
  onVerdict: (verdict: HostKeyVerdict) => void,
): { readonly verifier: HostVerifier; readonly algorithms: ServerHostKeyAlgorithm[] } {
  const trusted = readTrustedKeys(settings.knownHostsFiles)
  const verifier: HostVerifier = (key, verify) => {
    let verdict: HostKeyVerdict = 'unknown'
    try {
      verdict = verifyHostKey(trusted, settings, policy.hostKeys, key)
    } finally {
      onVerdict(verdict)
      // ssh2 lets a host pass unless this is called with a literal false: fail closed, call once.
      if (verdict === 'match') verify(true)
      else verify(false)
    }
  }
  return { verifier, algorithms: preferKnown(knownKeyTypes(trusted, settings)) }
}

function explain(error: unknown, settings: SshSettings, tried: readonly string[]): OperatorError {
  const text = error instanceof Error ? error.message : String(error)
  const level = error instanceof Error && 'level' in error ? error.level : undefined
  if (level === 'client-authentication') return loginError(settings, tried, error)
  return unreachableError(settings, text, error)
}

/** Connects and logs in; through `sock` when another connection forwards to the host. */
export async function connectSsh2(
  settings: SshSettings,
  policy: SshPolicy,
  sock?: Duplex,
): Promise<ssh2.Client> {
  const keys = await loadKeys(settings, policy.passphraseOf, settings.agentSocket !== undefined)
  const methods = authMethods(settings, keys)
  const tried = [
    ...(settings.agentSocket === undefined ? [] : ['agent']),
    ...keys.map((key) => key.file),
  ]
  if (methods.length === 0) throw loginError(settings, tried)
  const client = new ssh2.Client()
  let verdict: HostKeyVerdict = 'match'
  const { verifier, algorithms } = makeVerifier(settings, policy, (value) => {
    verdict = value
  })
  const config: ConnectConfig = {
    host: settings.hostName,
    port: settings.port,
    username: settings.user,
    readyTimeout: policy.connectTimeoutMs,
    keepaliveInterval: KEEPALIVE_MS,
    hostVerifier: verifier,
    algorithms: { serverHostKey: algorithms },
    authHandler: methods,
    ...(sock === undefined ? {} : { sock }),
  }
  return new Promise((resolve, reject) => {
    client.once('ready', () => {
      resolve(client)
    })
    client.on('error', (error) => {
      client.end()
      reject(
        verdict === 'match' ? explain(error, settings, tried) : hostKeyError(verdict, settings),
      )
    })
    client.once('close', () => {
      reject(unreachableError(settings, 'it closed the connection'))
    })
    try {
      client.connect(config)
    } catch (error) {
      reject(explain(error, settings, tried))
    }
  })
}
