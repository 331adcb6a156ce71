import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ENTRY = join(fileURLToPath(import.meta.url), '..', '..', '..', 'bin', 'run.js')
const DEADLINE_MS = 120_000

/** What a command left behind. */
export interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
}

/** Runs the installed binary in the demo's folder. Without `silent` the person watching sees the command and its words. */
export function runKlinic(folder: string, line: string, silent = false): Promise<Ran> {
  if (!silent) console.log(`\n$ klinic ${line}`)
  const child = spawn(process.execPath, [ENTRY, ...line.split(' ')], {
    cwd: folder,
    env: {
      ...process.env,
      XDG_STATE_HOME: join(folder, 'state'),
      KLINIC_CONFIG: join(folder, 'klinic.yaml'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MS,
  })
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    if (!silent) process.stdout.write(chunk)
  })
  child.stderr.pipe(process.stderr)
  return new Promise((resolve) => child.once('close', (exitCode) => resolve({ exitCode, stdout })))
}

/** The same, for commands that must succeed. */
export async function mustRun(folder: string, line: string, silent = false): Promise<string> {
  const { exitCode, stdout } = await runKlinic(folder, line, silent)
  if (exitCode !== 0) throw new Error(`klinic ${line} exited ${exitCode ?? 'by a signal'}`)
  return stdout
}
