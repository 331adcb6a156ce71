import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { OperatorError } from '../../errors/operator-error.js'
import { sanitiseLine } from '../../units/terminal-text.js'
import { parseClientProperties } from './parse.js'

const MAX_BYTES = 2 ** 20
const INLINE = 'the JSON on the command line'
const OPENING_BRACE = '{'.charCodeAt(0)
const SECRET = /password|secret|\.key$|\.pem$/

/** A properties file with what interpreting it needs. */
export interface PropertiesFile {
  readonly path: string
  readonly kind: 'java' | 'librdkafka'
  readonly get: (name: string) => string | undefined
  readonly has: (name: string) => boolean
  /** Reads a file that a property names; paths are relative to the working directory, as for Kafka's own tools. */
  readonly readNamed: (name: string) => Promise<Uint8Array>
  /** Every secret found goes here. */
  readonly remember: (secret: string) => void
}

/** Reads client properties (exit 78 when that fails). Values with `${…}` config providers are refused by name. */
export async function openPropertiesFile(
  path: string,
  options: { readonly cwd: string; readonly remember: (secret: string) => void },
): Promise<PropertiesFile> {
  const { remember } = options
  const isInline = path.trim().startsWith('{')
  const full = resolve(options.cwd, isInline ? 'conf.json' : path)
  const bytes = isInline ? new TextEncoder().encode(path) : await readBytes(full, path)
  const { kind, properties } = parseClientProperties(bytes)
  if (kind === 'java' && bytes[0] === OPENING_BRACE)
    throw badProperties(
      { path: isInline ? INLINE : path },
      'is no JSON object of texts and numbers',
    )
  if (isInline) refuseInlineSecrets([...properties.keys()])
  for (const [name, value] of properties) {
    if (SECRET.test(name)) remember(value)
  }
  const get = (name: string): string | undefined => {
    const value = properties.get(name)
    if (value?.startsWith('${') === true) {
      throw badProperties({ path }, `${name} uses a config provider (\${…}), which is not resolved`)
    }
    return value
  }
  return {
    path,
    kind,
    get,
    has: (name) => properties.has(name),
    readNamed: async (name) => {
      const named = get(name) ?? ''
      const nearby = resolve(options.cwd, named)
      try {
        return await readFile(nearby)
      } catch {
        return readBytes(resolve(dirname(full), named), `${named} (${name} in ${path})`)
      }
    },
    remember,
  }
}

/** Everybody on this host can read a command line. */
function refuseInlineSecrets(names: readonly string[]): void {
  const found = names.find((name) => SECRET.test(name))
  if (found === undefined) return
  throw badProperties({ path: INLINE }, `${found} is a secret`, [
    'put it into a file that only you can read, and name that file',
  ])
}

async function readBytes(path: string, shownAs: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path)
    if (bytes.length <= MAX_BYTES) return bytes
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw badProperties({ path: shownAs }, `cannot be read (${code})`)
  }
  throw badProperties({ path: shownAs }, 'is larger than 1 MiB')
}

/** An error about a properties file; never quotes a value that may be secret. */
export function badProperties(
  file: { readonly path: string },
  reason: string,
  nextSteps: readonly string[] = [],
): OperatorError {
  return new OperatorError({
    code: 'CLIENT_PROPERTIES_INVALID',
    message: `${sanitiseLine(file.path)}: ${reason}`,
    nextSteps,
    exit: 'badConfig',
  })
}
