import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that cannot be confused with a later one of the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** Start time in clock ticks since boot, field 22 of /proc/PID/stat. */
  readonly startTicks: string
}

export type ProcessState = 'running' | 'paused' | 'gone'

interface ProcStat {
  readonly state: string
  readonly startTicks: string
}

function readStat(pid: number): ProcStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name may hold spaces and brackets: count fields after the last one.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

/** Identity of a living process. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid)
  return stat && { pid, startTicks: stat.startTicks }
}

/** Identity of this process, for lab.json. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startTicks: '' }
}

/**
 * What the process does now. A zombie counts as gone once its last thread is: until then a JVM's first
 * thread may be a zombie while the others still hold its ports.
 */
export function processState(identity: ProcessIdentity): ProcessState {
  const stat = readStat(identity.pid)
  if (stat === undefined || stat.startTicks !== identity.startTicks) return 'gone'
  if (stat.state === 'X' || (stat.state === 'Z' && threadCount(identity.pid) <= 1)) return 'gone'
  return stat.state === 'T' || stat.state === 't' ? 'paused' : 'running'
}

function threadCount(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).length
  } catch {
    return 0
  }
}

/** Waits without giving way to other code until a signal has taken effect; false when it has not in time. */
export function awaitStateNow(
  identity: ProcessIdentity,
  state: ProcessState,
  timeoutMs = 2_000,
): boolean {
  const nothing = new Int32Array(new SharedArrayBuffer(4))
  const deadline = Date.now() + timeoutMs
  while (processState(identity) !== state) {
    if (Date.now() > deadline) return false
    Atomics.wait(nothing, 0, 0, 2)
  }
  return true
}

/** Sends a signal to the process group that the process leads, if it is still the same process. */
export function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (processState(identity) === 'gone') return false
  try {
    process.kill(-identity.pid, signal)
    return true
  } catch {
    return false
  }
}

/** True when the process is gone before the deadline. */
export async function waitGone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (processState(identity) !== 'gone') {
    if (Date.now() > deadline) return false
    await sleep(25)
  }
  return true
}
