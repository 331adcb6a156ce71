import { parseHost, type SshOverrides } from './read-ssh-config.js'
import type { HostKeyPolicy } from './ssh-settings.js'

/** What {@link systemSshArguments} adds of ours. */
export interface SystemSshChoice {
  readonly hostKeys: HostKeyPolicy
  readonly connectTimeoutMs: number
  readonly controlPath: string
}

const KEEPALIVE_SECONDS = 5

/** Nothing may be asked, forwarded or run here; the host key has to be known. */
function fixedOptions(choice: SystemSshChoice): readonly string[] {
  const strict = choice.hostKeys === 'strict' ? 'yes' : 'accept-new'
  return [
    'BatchMode=yes',
    `StrictHostKeyChecking=${strict}`,
    'ForwardAgent=no',
    'ForwardX11=no',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'RequestTTY=no',
    'LogLevel=ERROR',
    `ConnectTimeout=${Math.ceil(choice.connectTimeoutMs / 1000)}`,
    `ServerAliveInterval=${KEEPALIVE_SECONDS}`,
    'ServerAliveCountMax=3',
    'ControlMaster=auto',
    'ControlPersist=600',
    `ControlPath=${choice.controlPath}`,
  ]
}

/** `ssh` splits a list of files at blanks unless each is quoted. */
const quoteFile = (file: string): string => `"${file.replaceAll('"', String.raw`\"`)}"`

/** Arguments of the system's ssh up to the target, which goes behind `--`. Nothing in them is secret. */
export function systemSshArguments(
  host: string,
  overrides: SshOverrides,
  choice: SystemSshChoice,
): { readonly options: readonly string[]; readonly target: string } {
  const parsed = parseHost(host)
  const user = parsed.user ?? overrides.user
  const port = parsed.port ?? overrides.port
  const keys = overrides.identityFiles ?? []
  const known = overrides.knownHostsFiles ?? []
  const options = [
    ...(overrides.configFile === undefined ? [] : ['-F', overrides.configFile]),
    ...fixedOptions(choice).flatMap((option) => ['-o', option]),
    ...(known.length === 0 ? [] : ['-o', `UserKnownHostsFile=${known.map(quoteFile).join(' ')}`]),
    ...(keys.length === 0 ? [] : ['-o', 'IdentitiesOnly=yes']),
    ...keys.flatMap((file) => ['-i', file]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
  ]
  return { options, target: parsed.host }
}
