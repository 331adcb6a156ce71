import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { KLINIC } from '../klinic-process.js'

/** Nothing that these tests start may take longer: a command that hangs is a failure, not a wait. */
const LONGEST_MS = 600_000

/** What a command did; `code` is null when a signal ended it. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly tookMs: number
}

/** A command under way, to be killed or waited for. */
export interface Running {
  readonly ended: Promise<Ran>
  /** Everything on stdout so far. */
  readonly stdout: () => string
  /** Everything on stderr so far. */
  readonly stderr: () => string
  kill(signal: NodeJS.Signals): void
}

/** An operator on a host of their own: klinic with a state directory that nobody else uses. */
export class Operator {
  readonly directory = mkdtempSync(join(tmpdir(), 'klinic-chaos-'))
  readonly #running = new Set<Running>()

  /** Where this operator's klinic keeps journals and locks. */
  get stateDirectory(): string {
    return join(this.directory, 'klinic')
  }

  start(args: readonly string[]): Running {
    const begun = performance.now()
    const child = spawn(process.execPath, [KLINIC, ...args], {
      cwd: this.directory,
      env: {
        ...process.env,
        HOME: this.directory,
        XDG_STATE_HOME: this.directory,
        XDG_CONFIG_HOME: this.directory,
        NO_COLOR: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
    const ended = new Promise<Ran>((resolve) => {
      child.on('close', (code) => {
        resolve({ code, ...said, tookMs: Math.round(performance.now() - begun) })
      })
    })
    const running: Running = {
      ended,
      stdout: () => said.stdout,
      stderr: () => said.stderr,
      kill: (signal) => child.kill(signal),
    }
    this.#running.add(running)
    void ended.then(() => this.#running.delete(running))
    return running
  }

  /** Ends whatever still runs: of a scene that failed half-way. */
  async leave(): Promise<void> {
    const left = [...this.#running]
    for (const running of left) running.kill('SIGKILL')
    await Promise.all(left.map(({ ended }) => ended))
  }

  run(args: readonly string[]): Promise<Ran> {
    return this.start(args).ended
  }
}

/** The last lines that a command printed, for a message about it. */
export function lastWords({ code, stdout, stderr }: Ran): string {
  const text = `${stdout}\n${stderr}`.trim().split('\n').slice(-6).join(' | ')
  return `exit ${String(code)}: ${text.slice(-900)}`
}
