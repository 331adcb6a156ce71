import { spawn, type ChildProcess } from 'node:child_process'

import type { ProgramResult, ProgramRun } from '../../ports/programs.js'

const OUTPUT_CAP_BYTES = 64 * 1024
const KILL_AFTER_MS = 5_000
/** A grandchild may hold the pipes open after the program has ended: then we have what we need. */
const DRAIN_MS = 1_000

/** Runs a program by argv in a process group of its own, which is ended when the deadline passes. Never rejects. */
export async function runProgram(run: ProgramRun): Promise<ProgramResult> {
  const [program = '', ...args] = run.argv
  const startedAt = performance.now()
  const child = spawn(program, args, {
    env: { ...process.env, ...run.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const kept = keepOutput(child)
  // A program that does not read its input is no fault of ours.
  child.stdin.on('error', () => undefined)
  const ended = endOf(child)
  if (child.pid !== undefined) await run.onStarted?.(child.pid)
  child.stdin.end(run.stdin ?? '')
  const deadline = endAfter(child, run.timeoutMs)
  const { exitCode, signal, failure } = await ended
  deadline.clear()
  const timedOut = deadline.passed()
  const output = failure === null ? kept.text() : failure
  return {
    exitCode: timedOut ? null : exitCode,
    signal,
    timedOut,
    output,
    truncated: kept.truncated(),
    durationMs: Math.round(performance.now() - startedAt),
  }
}

interface End {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly failure: string | null
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ exitCode: null, signal: null, failure: error.message })
    })
    child.once('exit', (exitCode, signal) => {
      const end = { exitCode, signal, failure: null }
      child.once('close', () => resolve(end))
      setTimeout(() => resolve(end), DRAIN_MS)
    })
  })
}

function endAfter(child: ChildProcess, timeoutMs: number) {
  let isPassed = false
  const endGroup = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, signal)
    } catch {
      // The group is gone already: that is what was wanted.
    }
  }
  let hard: NodeJS.Timeout | undefined
  const soft = setTimeout(() => {
    isPassed = true
    endGroup('SIGTERM')
    hard = setTimeout(() => endGroup('SIGKILL'), KILL_AFTER_MS)
  }, timeoutMs)
  return {
    passed: () => isPassed,
    clear: () => {
      clearTimeout(soft)
      clearTimeout(hard)
      if (isPassed) endGroup('SIGKILL')
    },
  }
}

function keepOutput(child: ChildProcess) {
  const chunks: Buffer[] = []
  let bytes = 0
  let isTruncated = false
  const keep = (chunk: Buffer): void => {
    const room = OUTPUT_CAP_BYTES - bytes
    if (chunk.length > room) isTruncated = true
    if (room <= 0) return
    chunks.push(chunk.subarray(0, room))
    bytes += Math.min(chunk.length, room)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    truncated: () => isTruncated,
  }
}
