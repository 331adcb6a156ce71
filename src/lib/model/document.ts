import { OperatorError } from '../errors/operator-error.js'

/** Which document is expected, and how errors call it. */
export interface DocumentKind {
  readonly noun: 'plan' | 'snapshot'
  /** `klinic.plan`; the number behind the slash is the version. */
  readonly format: string
  readonly version: number
}

/** A fault in a document: where (as `steps[3].to`), and what is wrong there. */
export interface DocumentFault {
  readonly path: string
  readonly message: string
}

const SHOWN = 5

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The error for a document that cannot be used: exit 65, the first faults with their places. */
export function unreadable(
  kind: DocumentKind,
  name: string,
  faults: readonly DocumentFault[],
): OperatorError {
  const listed = faults
    .slice(0, SHOWN)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  const more = faults.length > SHOWN ? ` (and ${faults.length - SHOWN} more)` : ''
  return new OperatorError({
    code: `${kind.noun.toUpperCase()}_UNREADABLE`,
    message: `${name} is no usable ${kind.noun}: ${listed.join('; ')}${more}`,
    nextSteps: [`Make the ${kind.noun} again, or correct the places named. Nothing was changed.`],
    exit: 'badData',
  })
}

function describe(format: unknown): string {
  if (format === undefined) return 'it has no "format"'
  return `its format is ${JSON.stringify(format)}`
}

function checkFormat(kind: DocumentKind, name: string, format: unknown): void {
  const wanted = `${kind.format}/${kind.version}`
  if (format === wanted) return
  const match = typeof format === 'string' ? /^([a-z.]+)\/(\d{1,6})$/.exec(format) : null
  if (match?.[1] === kind.format && Number(match[2]) > kind.version) {
    throw new OperatorError({
      code: `${kind.noun.toUpperCase()}_NEWER`,
      message: `${name} was written by a newer klinic: ${describe(format)}, and this one reads ${wanted}`,
      nextSteps: ['Use the klinic that wrote it, or upgrade this one. Nothing was changed.'],
      exit: 'badData',
    })
  }
  throw unreadable(kind, name, [
    { path: 'format', message: `expected "${wanted}", ${describe(format)}` },
  ])
}

/** Parses text whose top level is an object; a UTF-8 byte order mark is passed over. */
export function parseJsonObject(
  text: string,
  kind: DocumentKind,
  name: string,
): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw unreadable(kind, name, [
      { path: '', message: text.trim() === '' ? 'it is empty' : `it is not JSON (${why})` },
    ])
  }
  if (!isRecord(value)) {
    throw unreadable(kind, name, [{ path: '', message: 'it is not a JSON object' }])
  }
  return value
}

/** Parses a document of ours as far as its format line; the rest is the schema's work. Throws OperatorError (65). */
export function openDocument(
  text: string,
  kind: DocumentKind,
  name: string,
): Readonly<Record<string, unknown>> {
  const document = parseJsonObject(text, kind, name)
  checkFormat(kind, name, document['format'])
  return document
}

/** `['steps', 3, 'to', 0]` as `steps[3].to[0]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}
