import { spawn } from 'node:child_process'
import { mkdirSync, openSync, closeSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  identityOf,
  type ProcessIdentity,
  type ProcessState,
  processState,
  signalGroup,
  waitGone,
} from './process-identity.js'

/**
 * The wrapper records its own pid and start time before it becomes the JVM, so that no moment exists
 * in which a process of the lab runs unrecorded. `exec` keeps both.
 */
export const RECORD_THEN_EXEC = `
  stat=$(cat /proc/$$/stat); set -- "$@"
  echo "$$ $(echo "\${stat##*) }" | cut -d' ' -f20)" > "$0.new" && mv "$0.new" "$0" && exec "$@"`

/** Where the lab keeps one file for each process it started. */
export const processFolder = (labDir: string): string => `${labDir}/processes`

/** Starts a command in a process group of its own, output to a file, recorded under a name. */
export async function startChild(
  labDir: string,
  name: string,
  command: readonly string[],
  logFile: string,
): Promise<ProcessIdentity> {
  mkdirSync(processFolder(labDir), { recursive: true })
  const log = openSync(logFile, 'a')
  const file = `${processFolder(labDir)}/${name}`
  const before = readChild(labDir, name)
  const child = spawn('/bin/sh', ['-c', RECORD_THEN_EXEC, file, ...command], {
    detached: true,
    cwd: labDir,
    stdio: ['ignore', log, log],
  })
  child.unref()
  closeSync(log)
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline) {
    const now = readChild(labDir, name)
    if (now !== undefined && now.pid !== before?.pid) return now
    await sleep(5)
  }
  throw new Error(`${name} did not start; see ${logFile}`)
}

/** The last process started under that name, dead or alive. */
export function readChild(labDir: string, name: string): ProcessIdentity | undefined {
  try {
    const [pid, startTicks] = readFileSync(`${processFolder(labDir)}/${name}`, 'utf8')
      .trim()
      .split(' ')
    return pid && startTicks ? { pid: Number(pid), startTicks } : undefined
  } catch {
    return undefined
  }
}

/** State of the process last started under that name. */
export function childState(labDir: string, name: string): ProcessState {
  const identity = readChild(labDir, name)
  return identity === undefined ? 'gone' : processState(identity)
}

/** A process that starts others again is recorded under a name with this beginning: it has to go first. */
export const MANAGER_PREFIX = 'manager-'

/** Kills every recorded process of a lab, managers before what they would start again; waits until all are gone. */
export async function killChildren(labDir: string): Promise<void> {
  const names = recordedNames(labDir)
  await killNamed(
    labDir,
    names.filter((name) => name.startsWith(MANAGER_PREFIX)),
  )
  await killNamed(labDir, recordedNames(labDir))
}

async function killNamed(labDir: string, names: readonly string[]): Promise<void> {
  const identities = names
    .map((name) => readChild(labDir, name))
    .filter((found) => found !== undefined)
  for (const identity of identities) signalGroup(identity, 'SIGKILL')
  await Promise.all(identities.map((identity) => waitGone(identity, 10_000)))
}

function recordedNames(labDir: string): string[] {
  try {
    return readdirSync(processFolder(labDir)).filter((name) => !name.endsWith('.new'))
  } catch {
    return []
  }
}

/** Records a process that was started by other means and leads its own group. */
export function recordChild(labDir: string, name: string, pid: number): void {
  const identity = identityOf(pid)
  if (identity === undefined) return
  mkdirSync(processFolder(labDir), { recursive: true })
  writeFileSync(`${processFolder(labDir)}/${name}`, `${pid} ${identity.startTicks}\n`)
}
