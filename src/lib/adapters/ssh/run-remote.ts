import type { Client, ClientChannel } from 'ssh2'

import type { RemoteResult, RemoteRunOptions } from '../../ports/hosts.js'
import { withEnvironment } from './quote-shell.js'

const OUTPUT_CAP_BYTES = 64 * 1024
/** A background child may keep the channel open for ever: `exit` decides, then output gets this long to end. */
const DRAIN_MS = 250

interface Collected {
  text(): string
  readonly truncated: () => boolean
}

function collect(stream: NodeJS.ReadableStream): Collected {
  const chunks: Buffer[] = []
  let kept = 0
  let seen = 0
  stream.on('data', (chunk: Buffer) => {
    seen += chunk.length
    if (kept >= OUTPUT_CAP_BYTES) return
    const part = chunk.subarray(0, OUTPUT_CAP_BYTES - kept)
    kept += part.length
    chunks.push(part)
  })
  return { text: () => Buffer.concat(chunks).toString('utf8'), truncated: () => seen > kept }
}

interface Ending {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly timedOut: boolean
}

function awaitEnding(
  channel: ClientChannel,
  client: Client,
  options: RemoteRunOptions,
): Promise<Ending> {
  return new Promise((resolve) => {
    let ended = false
    const finish = (ending: Ending, afterMs: number): void => {
      if (ended) return
      ended = true
      clearTimeout(deadline)
      // One connection runs hundreds of commands: none may leave a listener behind.
      client.off('close', lost)
      options.signal?.removeEventListener('abort', abandon)
      const resolveNow = (): void => {
        clearTimeout(draining)
        resolve(ending)
      }
      const draining = setTimeout(resolveNow, afterMs)
      // A channel that is closed has nothing more to say.
      channel.once('close', () => setImmediate(resolveNow))
    }
    const gone = (timedOut: boolean) => (): void => {
      finish({ exitCode: null, signal: null, timedOut }, 0)
    }
    const lost = gone(false)
    const abandon = gone(true)
    const deadline = setTimeout(abandon, options.timeoutMs)
    channel.on('exit', (code: number | null, signal?: string) => {
      finish({ exitCode: code, signal: signal ?? null, timedOut: false }, DRAIN_MS)
    })
    channel.on('close', lost)
    client.on('close', lost)
    options.signal?.addEventListener('abort', abandon, { once: true })
  })
}

/** Runs one command over an open ssh2 client. Rejects only when the channel cannot be opened. */
export function runRemote(
  client: Client,
  command: string,
  options: RemoteRunOptions,
): Promise<RemoteResult> {
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const opening = setTimeout(() => {
      reject(new Error(`no channel within ${options.timeoutMs} ms`))
    }, options.timeoutMs)
    client.exec(withEnvironment(command, options.env), (error, channel) => {
      clearTimeout(opening)
      if (error !== undefined) {
        reject(error)
        return
      }
      const stdout = collect(channel)
      const stderr = collect(channel.stderr)
      channel.end()
      void awaitEnding(channel, client, options).then((ending) => {
        channel.destroy()
        resolve({
          ...ending,
          stdout: stdout.text(),
          stderr: stderr.text(),
          truncated: stdout.truncated() || stderr.truncated(),
          durationMs: Math.round(performance.now() - startedMs),
        })
      })
    })
  })
}
