import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

import { OperatorError } from '../errors/operator-error.js'

/** Where a configuration may come from besides the usual places. */
export interface FileSearch {
  /** `--config`. */
  readonly flag?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** The usual places, the nearest first: ./klinic.yaml, then the XDG directory, then /etc. */
export function usualPlaces(search: FileSearch): readonly string[] {
  const { XDG_CONFIG_HOME: xdg } = search.env
  const home = xdg !== undefined && xdg !== '' ? xdg : join(homedir(), '.config')
  return [
    resolve(search.cwd, 'klinic.yaml'),
    join(home, 'klinic', 'klinic.yaml'),
    '/etc/klinic/klinic.yaml',
  ]
}

/** The file to read, or null when there is none. A file that was named must exist (exit 78). */
export async function findConfigFile(search: FileSearch): Promise<string | null> {
  const fromEnv = search.env['KLINIC_CONFIG']
  const named = search.flag ?? (fromEnv === '' ? undefined : fromEnv)
  if (named !== undefined) {
    const path = resolve(search.cwd, named)
    if (await exists(path)) return path
    throw new OperatorError({
      code: 'CONFIG_NOT_FOUND',
      message: `configuration file ${path} does not exist`,
      nextSteps: ['klinic config init --output klinic.yaml'],
      exit: 'badConfig',
    })
  }
  for (const path of usualPlaces(search)) {
    if (await exists(path)) return path
  }
  return null
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
