import { OperatorError } from '../../errors/operator-error.js'
import type { HostKeyVerdict } from './known-hosts.js'
import type { SshSettings } from './ssh-settings.js'

/** Why a host key was not accepted, with what an operator can do about it. Exit 77. */
export function hostKeyError(
  verdict: Exclude<HostKeyVerdict, 'match'>,
  settings: SshSettings,
): OperatorError {
  const where = settings.port === 22 ? settings.keyName : `[${settings.keyName}]:${settings.port}`
  const files = settings.knownHostsFiles.join(', ')
  const texts = {
    changed: [
      'HOST_KEY_CHANGED',
      `${where} shows another host key than the one in ${files}: it was reinstalled, or somebody is in between`,
      `after checking its fingerprint at the console: ssh-keygen -R '${where}' && ssh-keyscan ...`,
    ],
    unknown: [
      'HOST_KEY_UNKNOWN',
      `${where} is not in ${files}`,
      'connect once with ssh and check the fingerprint, or pass --accept-new-host-keys',
    ],
    revoked: [
      'HOST_KEY_REVOKED',
      `${where} shows a host key that is marked @revoked in ${files}`,
      'give the host a new key',
    ],
  } as const
  const [code, message, next] = texts[verdict]
  return new OperatorError({ code, message, nextSteps: [next], exit: 'notAuthorised' })
}

/** The host did not let us in. Exit 77. */
export function loginError(
  settings: SshSettings,
  tried: readonly string[],
  cause?: unknown,
): OperatorError {
  return new OperatorError({
    code: 'SSH_LOGIN_REFUSED',
    message: `${settings.user}@${settings.hostName} refused the login (tried: ${tried.join(', ') || 'nothing: no agent and no key'})`,
    nextSteps: [
      'add the key to the agent (ssh-add), or name one with --identity-file',
      `try: ssh ${settings.user}@${settings.hostName}`,
    ],
    exit: 'notAuthorised',
    cause,
  })
}

/** A private key is encrypted and there is no passphrase and nobody to ask. Exit 77. */
export function passphraseError(file: string): OperatorError {
  return new OperatorError({
    code: 'KEY_NEEDS_PASSPHRASE',
    message: `the key ${file} needs a passphrase, and there is no terminal to ask at`,
    nextSteps: [
      'load it into the agent: ssh-add',
      'or give KLINIC_SSH_PASSPHRASE, or --prompt-for-passphrase at a terminal',
    ],
    exit: 'notAuthorised',
  })
}

/** A passphrase was given and does not open the key. Exit 77. */
export function wrongPassphraseError(file: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'KEY_PASSPHRASE_WRONG',
    message: `the passphrase does not open the key ${file}`,
    nextSteps: [`try: ssh-keygen -y -f ${file}`],
    exit: 'notAuthorised',
    cause,
  })
}

/** The host could not be reached in time, or hung up. Exit 69. */
export function unreachableError(
  settings: SshSettings,
  why: string,
  cause?: unknown,
): OperatorError {
  return new OperatorError({
    code: 'HOST_UNREACHABLE',
    message: `${settings.hostName}:${settings.port} cannot be reached by SSH: ${why}`,
    nextSteps: [`try: ssh -p ${settings.port} ${settings.user}@${settings.hostName}`],
    exit: 'unreachable',
    cause,
  })
}
