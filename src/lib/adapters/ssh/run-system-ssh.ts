import { spawn } from 'node:child_process'

import type { RemoteResult } from '../../ports/hosts.js'
import { markExit } from './exit-marker.js'

const OUTPUT_CAP_BYTES = 64 * 1024
/** What is on its way when the command has ended gets this long to arrive. */
const DRAIN_MS = 250
/** The end of an output, in which the marker of a command is looked for. */
const TAIL_CHARS = 256

/** One call of the local ssh. */
export interface SshCall {
  readonly program: string
  readonly args: readonly string[]
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

interface Collected {
  readonly text: () => string
  readonly tail: () => string
  readonly truncated: () => boolean
}

function collect(stream: NodeJS.ReadableStream): Collected {
  const chunks: Buffer[] = []
  let kept = 0
  let seen = 0
  let tail = ''
  stream.on('data', (chunk: Buffer) => {
    seen += chunk.length
    tail = (tail + chunk.toString('latin1')).slice(-TAIL_CHARS)
    const part = chunk.subarray(0, Math.max(OUTPUT_CAP_BYTES - kept, 0))
    kept += part.length
    if (part.length > 0) chunks.push(part)
  })
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    tail: () => tail,
    truncated: () => seen > kept,
  }
}

/**
 * Runs the local ssh with a deadline, its input closed so that it can ask for nothing. It is over when ssh ends, or as soon
 * as `isOver` says so of the end of its output. `exitCode` is ssh's own.
 */
export function runSsh(
  { program, args, timeoutMs, signal }: SshCall,
  isOver: (tail: string) => boolean = () => false,
): Promise<RemoteResult & { readonly tail: string }> {
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    let ended = false
    const finish = (code: number | null, timedOut: boolean): void => {
      if (ended) return
      ended = true
      clearTimeout(deadline)
      signal?.removeEventListener('abort', giveUp)
      setTimeout(() => {
        child.kill('SIGTERM')
        child.stdout.destroy()
        child.stderr.destroy()
        resolve({
          exitCode: code,
          signal: null,
          stdout: stdout.text(),
          stderr: stderr.text(),
          tail: stdout.tail(),
          truncated: stdout.truncated() || stderr.truncated(),
          timedOut,
          durationMs: Math.round(performance.now() - startedMs),
        })
      }, DRAIN_MS)
    }
    const giveUp = (): void => {
      finish(null, true)
    }
    const deadline = setTimeout(giveUp, timeoutMs)
    signal?.addEventListener('abort', giveUp, { once: true })
    child.stdout.on('data', () => {
      if (isOver(stdout.tail())) finish(0, false)
    })
    child.once('error', (error) => {
      clearTimeout(deadline)
      reject(error)
    })
    child.once('exit', (code) => {
      finish(code, false)
    })
  })
}

/**
 * Runs one remote command. Its exit code is the one that it says itself; without one the connection was lost, for ssh's own
 * 255 may be the command's too.
 */
export async function runMarked(call: SshCall, command: string): Promise<RemoteResult> {
  const marked = markExit(command)
  const args = [...call.args, marked.line]
  const { tail, ...result } = await runSsh({ ...call, args }, (end) => marked.read(end) !== null)
  const end = marked.read(tail)
  if (end === null) return { ...result, exitCode: null }
  const whole = marked.read(result.stdout)
  return { ...result, exitCode: end.exitCode, stdout: whole?.output ?? result.stdout }
}
