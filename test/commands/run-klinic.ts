import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { KLINIC } from '../klinic-process.js'

/** How a run of the real binary ended. */
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a run may differ in; it always has an empty HOME, so that no configuration of the machine counts. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly input?: string
  /** Called with the child as soon as it runs. */
  readonly onStart?: (child: ReturnType<typeof spawn>) => void
}

/** An empty folder of its own. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'klinic-'))
}

/** Runs the real binary in an empty folder with stdin at its end; a run that takes over 20 s is killed. */
export function runKlinic(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const home = emptyFolder()
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [KLINIC, ...args], {
    cwd: options.cwd ?? home,
    env: { PATH, HOME: home, ...options.env },
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  child.stdin.end(options.input ?? '')
  options.onStart?.(child)
  const chunks = { stdout: '', stderr: '' }
  child.stdout.on('data', (data: Buffer) => (chunks.stdout += data.toString('utf8')))
  child.stderr.on('data', (data: Buffer) => (chunks.stderr += data.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ code, ...chunks })
    })
  })
}
