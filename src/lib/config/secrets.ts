import { execFile } from 'node:child_process'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

import { OperatorError } from '../errors/operator-error.js'
import type { SecretReference } from './schema.js'

const COMMAND_TIMEOUT_MS = 30_000
const MAX_BYTES = 64 * 1024
const ANYBODY_ELSE = 0o077

/** What resolving a secret needs from the shell. */
export interface SecretShell {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Every resolved secret is handed here, so that no output can show it. */
  readonly remember: (secret: string) => void
  /** Asks without echo; null where nobody can be asked. */
  readonly prompt: ((what: string) => Promise<string>) | null
}

/** The secret behind a reference. `what` names it in messages; paths are relative to `baseDir`. Never logged. */
export async function resolveSecret(
  reference: SecretReference,
  options: { readonly what: string; readonly baseDir: string; readonly shell: SecretShell },
): Promise<string> {
  const secret = await readReference(reference, options)
  if (secret === '') throw badSecret(options.what, 'is empty')
  options.shell.remember(secret)
  return secret
}

async function readReference(
  reference: SecretReference,
  options: { readonly what: string; readonly baseDir: string; readonly shell: SecretShell },
): Promise<string> {
  const { what, baseDir, shell } = options
  if (reference === 'prompt') {
    if (shell.prompt === null) throw badSecret(what, 'is to be typed, but there is no terminal')
    return shell.prompt(what)
  }
  if ('env' in reference) {
    const value = shell.env[reference.env]
    if (value === undefined) throw badSecret(what, `wants $${reference.env}, which is not set`)
    return value
  }
  if ('file' in reference) return readSecretFile(resolve(baseDir, reference.file), what)
  return runSecretCommand(reference.command, what)
}

async function readSecretFile(path: string, what: string): Promise<string> {
  try {
    const file = await open(path, 'r')
    try {
      const stat = await file.stat()
      const user = process.getuid?.()
      if (!stat.isFile() || stat.size > MAX_BYTES) throw badSecret(what, `${path} is no small file`)
      if ((stat.mode & ANYBODY_ELSE) !== 0 || (user !== undefined && stat.uid !== user)) {
        throw badSecret(what, `${path} must be yours and readable by nobody else`, [
          `chmod 600 ${path}`,
        ])
      }
      return withoutLineEnd(await file.readFile('utf8'))
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof OperatorError) throw error
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw badSecret(what, `${path} cannot be read (${reason})`)
  }
}

async function runSecretCommand(command: readonly string[], what: string): Promise<string> {
  const [program = '', ...args] = command
  try {
    const options = { timeout: COMMAND_TIMEOUT_MS, maxBuffer: MAX_BYTES }
    const { stdout } = await promisify(execFile)(program, args, options)
    return withoutLineEnd(stdout)
  } catch {
    // The error carries the command's output, which may hold the secret: it is not kept.
    throw badSecret(what, `the command ${program} failed, or took longer than 30 s`)
  }
}

const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '')

function badSecret(what: string, reason: string, nextSteps: readonly string[] = []): OperatorError {
  return new OperatorError({
    code: 'SECRET_UNAVAILABLE',
    message: `${what}: ${reason}`,
    nextSteps,
    exit: 'badConfig',
  })
}
