import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { HostConnection, HostConnector, RemoteResult } from '../../ports/hosts.js'
import { withEnvironment } from './quote-shell.js'
import type { SshOverrides } from './read-ssh-config.js'
import type { HostKeyPolicy } from './ssh-settings.js'
import { classifySshFailure } from './system-ssh-errors.js'
import { systemSshArguments } from './system-ssh-arguments.js'

/** What a connection of the system's ssh needs beside the operator's own configuration. */
export interface SystemSshPolicy {
  readonly hostKeys: HostKeyPolicy
  readonly connectTimeoutMs: number
  /** The program; `ssh` on the PATH by default. */
  readonly program?: string
}

const OUTPUT_CAP_BYTES = 64 * 1024
/** A child in the background may hold our pipes for ever: the exit decides, then output gets this long to arrive. */
const DRAIN_MS = 250
/** ssh itself failed, or the remote command ended with this code or by a signal: nobody can tell which. */
const SSH_FAILED = 255

interface Collected {
  readonly text: () => string
  readonly truncated: () => boolean
}

function collect(stream: NodeJS.ReadableStream): Collected {
  const chunks: Buffer[] = []
  let kept = 0
  let seen = 0
  stream.on('data', (chunk: Buffer) => {
    seen += chunk.length
    const part = chunk.subarray(0, Math.max(OUTPUT_CAP_BYTES - kept, 0))
    kept += part.length
    if (part.length > 0) chunks.push(part)
  })
  return { text: () => Buffer.concat(chunks).toString('utf8'), truncated: () => seen > kept }
}

interface Run {
  readonly program: string
  readonly args: readonly string[]
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** Runs the local ssh with a deadline. Its input is closed, so that it can ask for nothing. */
function runSsh({ program, args, timeoutMs, signal }: Run): Promise<RemoteResult> {
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    let timedOut = false
    const giveUp = (): void => {
      timedOut = true
      child.kill('SIGKILL')
    }
    const deadline = setTimeout(giveUp, timeoutMs)
    signal?.addEventListener('abort', giveUp, { once: true })
    child.once('error', (error) => {
      clearTimeout(deadline)
      reject(error)
    })
    child.once('exit', (code, ended) => {
      clearTimeout(deadline)
      signal?.removeEventListener('abort', giveUp)
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
        resolve({
          exitCode: timedOut || code === SSH_FAILED ? null : code,
          signal: timedOut ? null : ended,
          stdout: stdout.text(),
          stderr: stderr.text(),
          truncated: stdout.truncated() || stderr.truncated(),
          timedOut,
          durationMs: Math.round(performance.now() - startedMs),
        })
      }, DRAIN_MS)
    })
  })
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
          const args = [...options, '--', target, withEnvironment(command, env)]
          return runSsh({ program, args, timeoutMs: limitMs, signal })
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
