import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { HostConnection, HostConnector } from '../../ports/hosts.js'
import { withEnvironment } from './quote-shell.js'
import type { SshOverrides } from './read-ssh-config.js'
import type { HostKeyPolicy } from './ssh-settings.js'
import { runMarked, runSsh } from './run-system-ssh.js'
import { classifySshFailure } from './system-ssh-errors.js'
import { systemSshArguments } from './system-ssh-arguments.js'

/** What a connection of the system's ssh needs beside the operator's own configuration. */
export interface SystemSshPolicy {
  readonly hostKeys: HostKeyPolicy
  readonly connectTimeoutMs: number
  /** The program; `ssh` on the PATH by default. */
  readonly program?: string
}

/**
 * SSH by the system's OpenSSH: certificates, FIDO keys, Kerberos, `Match` and `Include` as they are for `ssh`. One connection
 * to each host is shared by all commands through a control socket in a folder of our own (0700).
 */
export function openSystemHosts(
  policy: SystemSshPolicy,
  overrides: SshOverrides = {},
): HostConnector {
  const program = policy.program ?? 'ssh'
  return {
    connect: async (host): Promise<HostConnection> => {
      const dir = mkdtempSync(join(tmpdir(), 'klinic-ssh-'))
      const { options, target } = systemSshArguments(host, overrides, {
        ...policy,
        controlPath: join(dir, 'master'),
      })
      const close = async (): Promise<void> => {
        const args = [...options, '-O', 'exit', '--', target]
        await runSsh({ program, args, timeoutMs: policy.connectTimeoutMs }).catch(() => undefined)
        rmSync(dir, { recursive: true, force: true })
      }
      const timeoutMs = policy.connectTimeoutMs + 5_000
      const hello = { program, args: [...options, '--', target, 'true'], timeoutMs }
      const first = await runSsh(hello).catch((error: unknown) => error)
      if (first instanceof Error || !isWell(first)) {
        await close()
        throw classifySshFailure(target, first)
      }
      return {
        host,
        run: async (command, { timeoutMs: limitMs, env, signal }) => {
          const args = [...options, '--', target]
          const call = { program, args, timeoutMs: limitMs, signal }
          return runMarked(call, withEnvironment(command, env))
        },
        close,
      }
    },
  }
}

function isWell(result: unknown): boolean {
  return (
    typeof result === 'object' && result !== null && 'exitCode' in result && result.exitCode === 0
  )
}
