import { mkdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

import { OperatorError } from '../../errors/operator-error.js'

const OTHERS_MAY_WRITE = 0o022
const FULL = new Set(['ENOSPC', 'EDQUOT'])

/** Where journals and locks live: `$XDG_STATE_HOME/klinic`, by default `~/.local/state/klinic`. */
export function stateDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_STATE_HOME']
  const isUsable = base?.startsWith('/') === true
  return join(isUsable ? base : join(homedir(), '.local', 'state'), 'klinic')
}

/** Makes a directory of ours (0700) and refuses one that others could write to: a journal in it would prove nothing. */
export async function preparePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const { mode, uid } = await stat(path)
    const isOurs = process.getuid === undefined || uid === process.getuid()
    if (isOurs && (mode & OTHERS_MAY_WRITE) === 0) return
  } catch (cause) {
    throw unusable(path, cause instanceof Error ? cause.message : 'it cannot be made', cause)
  }
  throw unusable(path, 'it belongs to somebody else, or others may write to it')
}

/** The error for a state directory in which nothing can be written down: then nothing is begun. */
export function unusable(path: string, why: string, cause?: unknown): OperatorError {
  const isFull = cause instanceof Error && 'code' in cause && FULL.has(String(cause.code))
  return new OperatorError({
    code: 'STATE_DIRECTORY_UNUSABLE',
    message: `The state directory ${path} cannot be used: ${why}.`,
    nextSteps: [
      isFull ? 'make room there' : `chmod 0700 ${path}`,
      'or set XDG_STATE_HOME to a directory of your own',
    ],
    exit: 'failed',
    cause,
  })
}

/** A cluster or plan id as a file name; ids come from files and networks, so nothing but plain characters passes, and no dot in front. */
export function fileNameOf(id: string): string {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(id)) return id
  throw new OperatorError({
    code: 'BAD_ID',
    message: `${JSON.stringify(id)} cannot be the id of a cluster or a plan.`,
    exit: 'badData',
  })
}
