import { readFile, readlink } from 'node:fs/promises'

import type { ProcessWitness } from '../../ports/coordination.js'

const SEPARATOR = ' '

/**
 * Tells the processes of one machine apart. A witness is the machine's boot, its pid namespace (containers share a boot and
 * often a host name, but not their pids), the pid and when that process began. Where the kernel tells none of that, nobody
 * is ever taken for gone.
 */
export async function openProcessWitness(): Promise<
  ProcessWitness & {
    /** Names another process of this machine. */
    of(pid: number): Promise<string>
  }
> {
  const machine = await machineOf()
  const of = async (pid: number): Promise<string> =>
    [machine ?? 'unknown', pid, (await processStart(pid)) ?? 'unknown'].join(SEPARATOR)
  return {
    mine: await of(process.pid),
    of,
    isGone: async (witness) => {
      const [place, pid = '', begun] = witness.split(SEPARATOR)
      if (machine === null || place !== machine || !/^\d+$/.test(pid)) return false
      if (begun === undefined || begun === 'unknown') return false
      if (!isRunning(Number(pid))) return true
      const now = await processStart(Number(pid))
      return now !== null && now !== begun
    },
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

async function machineOf(): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    return `${boot.trim()}/${await readlink('/proc/self/ns/pid')}`
  } catch {
    return null
  }
}

/** When a process began, in the kernel's own ticks: tells a pid from its reuse. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended, and waits for nothing but its parent.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null)
  } catch {
    return null
  }
}
