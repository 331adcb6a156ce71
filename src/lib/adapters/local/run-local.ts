import { spawn } from 'node:child_process'

const OUTPUT_CAP_BYTES = 64 * 1024
const KILL_AFTER_MS = 5_000

/** Runs a line in a local shell with a deadline; its whole process group is ended when that passes. Output is capped. */
export function runLocal(
  command: string,
  env: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let output = ''
    const keep = (chunk: Buffer): void => {
      if (output.length < OUTPUT_CAP_BYTES) output += chunk.toString('utf8')
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const endGroup = (signal: NodeJS.Signals): void => {
      if (child.pid === undefined) return
      try {
        process.kill(-child.pid, signal)
      } catch {
        // The group is gone already: that is what was wanted.
      }
    }
    const deadline = setTimeout(() => {
      endGroup('SIGTERM')
      setTimeout(() => {
        endGroup('SIGKILL')
      }, KILL_AFTER_MS).unref()
    }, timeoutMs)
    child.once('error', (error) => {
      clearTimeout(deadline)
      resolve({ exitCode: null, output: error.message })
    })
    child.once('exit', (exitCode) => {
      clearTimeout(deadline)
      resolve({ exitCode, output: output.slice(0, OUTPUT_CAP_BYTES) })
    })
  })
}
