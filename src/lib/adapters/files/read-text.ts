import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'

import { OperatorError } from '../../errors/operator-error.js'

/** Larger files than this are no plan or snapshot; a small gzip file that unpacks to more is an attack. */
const MAX_BYTES = 1_000_000_000

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) {
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer))
  }
  return Buffer.concat(chunks)
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'permission denied'
  if (code === 'EISDIR') return 'it is a directory'
  return error instanceof Error ? error.message : String(error)
}

/** A text with the bytes that it was unpacked from, if it was. */
export interface ReadText {
  readonly text: string
  readonly bytes: Buffer
}

/** The text of a file; see {@link readTextAndBytes}. */
export async function readText(path: string, noun: string): Promise<string> {
  return (await readTextAndBytes(path, noun)).text
}

/**
 * The text of a file, unpacked when it is gzip (told by its first bytes, not its name); `-` is standard input. Throws
 * OperatorError (65) that calls the file `noun`.
 */
export async function readTextAndBytes(path: string, noun: string): Promise<ReadText> {
  try {
    const bytes = path === '-' ? await readStdin() : await readFile(path)
    const plain = isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain)
    return { text, bytes }
  } catch (error) {
    throw new OperatorError({
      code: `${noun.toUpperCase()}_UNREADABLE`,
      message: `${nameOf(path)} cannot be read as a ${noun}: ${explain(error)}`,
      nextSteps: ['Check the path. Nothing was changed.'],
      exit: 'badData',
      cause: error,
    })
  }
}

/** How messages call a file. */
export function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path
}
