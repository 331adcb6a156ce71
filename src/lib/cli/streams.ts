import { escapeUnsafeJson, sanitiseColouredText, sanitiseText } from '../units/terminal-text.js'
import type { Redactor } from './redactor.js'

/** The two streams of a command. Everything that leaves the process passes here: redacted and free of control codes. */
export interface Streams {
  /** Result text for people, to stdout; a line feed is added where it lacks one. */
  writeResult(text: string, coloured: boolean): void
  /** The result document, to stdout. */
  writeJson(document: unknown): void
  /** Anything else, one or more lines, to stderr. */
  writeNote(text: string, coloured?: boolean): void
  /** Aborted when nobody reads stdout any more: a command without an end of its own stops then. */
  readonly readerGone: AbortSignal
  /** Resolves when both streams took what they were given (or are gone). */
  flush(): Promise<void>
}

const FLUSH_DEADLINE_MS = 5_000

function safeWriter(
  stream: NodeJS.WriteStream,
  onGone: () => void = () => undefined,
): (text: string) => void {
  let gone = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone = true
    onGone()
    if (error.code !== 'EPIPE') process.exitCode ??= 1
  })
  return (text) => {
    if (!gone && !stream.destroyed) stream.write(text)
  }
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FLUSH_DEADLINE_MS)
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    stream.once('error', done)
    stream.write('', done)
  })
}

const withLineFeed = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)
const clean = (text: string, coloured: boolean): string =>
  coloured ? sanitiseColouredText(text) : sanitiseText(text)

/** Takes over stdout and stderr; a reader that went away (EPIPE) ends the output, not the work. */
export function openStreams(redactor: Redactor): Streams {
  const reader = new AbortController()
  const stdout = safeWriter(process.stdout, () => reader.abort())
  const stderr = safeWriter(process.stderr)
  return {
    writeResult: (text, coloured) => {
      if (text !== '') stdout(withLineFeed(clean(redactor.redact(text), coloured)))
    },
    writeJson: (document) => {
      const json = JSON.stringify(document, null, 2)
      stdout(withLineFeed(escapeUnsafeJson(redactor.redactJson(json))))
    },
    writeNote: (text, coloured = false) => {
      if (text !== '') stderr(withLineFeed(clean(redactor.redact(text), coloured)))
    },
    readerGone: reader.signal,
    flush: async () => {
      await Promise.all([drained(process.stdout), drained(process.stderr)])
    },
  }
}
