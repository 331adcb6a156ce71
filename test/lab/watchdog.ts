import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('watchdog-process.js', import.meta.url))

/**
 * Starts the process that outlives us: it ends the lab when its standard input closes, which the kernel
 * sees to however we die. It keeps neither our event loop nor our terminal.
 */
export function startWatchdog(labDir: string): { release: () => Promise<void> } {
  const child = spawn(process.execPath, [SCRIPT, labDir], {
    detached: true,
    cwd: '/',
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  return { release: () => release(child) }
}

/** To be called once the lab is gone: nothing is left to do for the watchdog but to end. */
async function release(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.ref()
  child.stdin?.end()
  await ended
}
