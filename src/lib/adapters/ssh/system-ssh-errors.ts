import { OperatorError } from '../../errors/operator-error.js'
import { sanitiseLine } from '../../units/terminal-text.js'

interface FailureClass {
  readonly code: string
  readonly pattern: RegExp
  readonly says: string
  readonly next: string
}

/** What ssh(1) says on stderr, by what an operator can do about it; the first that fits counts. All are exit 77. */
const REFUSALS: readonly FailureClass[] = [
  {
    code: 'HOST_KEY_REVOKED',
    pattern: /REVOKED HOST KEY|host key .* is revoked|is marked as revoked/i,
    says: 'shows a host key that is marked @revoked',
    next: 'give the host a new key',
  },
  {
    code: 'HOST_KEY_CHANGED',
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i,
    says: 'shows another host key than the one that is known: it was reinstalled, or somebody is in between',
    next: 'check its fingerprint at the console, then ssh-keygen -R',
  },
  {
    code: 'HOST_KEY_UNKNOWN',
    pattern: /No \S+ host key is known for|Host key verification failed/i,
    says: 'is not in known_hosts',
    next: 'connect once with ssh and check the fingerprint, or pass --accept-new-host-keys',
  },
  {
    code: 'SSH_LOGIN_REFUSED',
    pattern: /Permission denied|Too many authentication failures|No supported authentication/i,
    says: 'refused the login',
    next: 'load the key into the agent (ssh-add): the system ssh is never asked for a passphrase here',
  },
]

function unreachable(target: string, why: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'HOST_UNREACHABLE',
    message: `${target} cannot be reached by SSH: ${why}`,
    nextSteps: [`try: ssh ${target}`],
    exit: 'unreachable',
    cause,
  })
}

/** Why the system's ssh made no connection: refused (77) by what it said, else unreachable (69). */
export function classifySshFailure(target: string, failure: unknown): OperatorError {
  if (failure instanceof Error) return unreachable(target, failure.message, failure)
  const said =
    typeof failure === 'object' && failure !== null && 'stderr' in failure
      ? String(failure.stderr)
      : ''
  const found = REFUSALS.find(({ pattern }) => pattern.test(said))
  const last = sanitiseLine(said.trim().split('\n').at(-1) ?? '') || 'it did not answer in time'
  if (found === undefined) return unreachable(target, last, undefined)
  const { code, says, next } = found
  return new OperatorError({
    code,
    message: `${target} ${says} (${last})`,
    nextSteps: [next, `try: ssh ${target}`],
    exit: 'notAuthorised',
  })
}
