import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ENTRY = process.env['KLINIC_TEST_ENTRY'] === 'built' ? 'run.js' : 'dev.js'

/** What tests start as klinic: the built entry where KLINIC_TEST_ENTRY says so, as CI does; otherwise the sources. */
export const KLINIC = fileURLToPath(new URL(`../bin/${ENTRY}`, import.meta.url))

/** What a command did; `code` is null when a signal ended it. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command under way, to be watched, killed or waited for. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ran>
  /** Everything on stdout so far. */
  readonly stdout: () => string
  /** Everything on stderr so far. */
  readonly stderr: () => string
  kill(signal: NodeJS.Signals): void
}

/** Starts klinic as an operator does, nothing on its stdin, with the state directory of one host. */
export function startKlinic(args: readonly string[], stateHome: string): Running {
  const child = spawn(process.execPath, [KLINIC, ...args], {
    env: { ...process.env, XDG_STATE_HOME: stateHome, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (code) => resolve({ code, ...said }))
  })
  return {
    child,
    ended,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    kill: (signal) => child.kill(signal),
  }
}
