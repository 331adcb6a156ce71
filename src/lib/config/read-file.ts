import { open } from 'node:fs/promises'

import { isMap, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'

import { OperatorError } from '../errors/operator-error.js'
import { suggest } from '../units/suggest.js'
import { sanitiseLine } from '../units/terminal-text.js'
import { knownKeys } from './keys.js'
import { fileSchema, type ConfigFile } from './schema.js'

const MAX_BYTES = 5 * 2 ** 20
const MAX_ALIASES = 50
const MAX_PROBLEMS = 20

/** A file that was read and found right. `raw` is as written: units unread, defaults not filled in. */
export interface CheckedFile {
  readonly path: string
  readonly raw: ConfigFile
  /** Where each key stands, as `line:column`; for messages about a key that is right by itself. */
  readonly positionOf: (path: readonly PropertyKey[]) => string
}

/** Reads and checks a configuration file; every problem is named with line and column (exit 78). */
export async function readConfigFile(path: string): Promise<CheckedFile> {
  const source = await readCapped(path)
  return checkConfigText(source, path)
}

/** The same for text that is already there. */
export function checkConfigText(source: string, path: string): CheckedFile {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, version: '1.2', strict: true })
  const name = sanitiseLine(path)
  if (document.errors.length > 0) {
    throw badFile(
      document.errors.map((error) => {
        const at = lines.linePos(error.pos[0])
        return `${name}:${at.line}:${at.col} ${error.message.split('\n')[0] ?? 'is not YAML'}`
      }),
    )
  }
  const raw = toPlain(document, name)
  const positionOf = (key: readonly PropertyKey[]): string => positionIn(document, lines, key)
  const result = fileSchema.safeParse(raw)
  if (!result.success) {
    throw badFile(
      result.error.issues.flatMap((issue) => describeIssue(issue, [], positionOf, name)),
    )
  }
  const checked = { path, raw: raw as ConfigFile, positionOf }
  const dangling = danglingNames(checked, name)
  if (dangling.length > 0) throw badFile(dangling)
  return checked
}

/** Clusters that are referred to must be there. */
function danglingNames(file: CheckedFile, name: string): readonly string[] {
  const { defaultCluster, clusters = {} } = file.raw
  const references = Object.entries(clusters).map(([cluster, entry]) => ({
    path: ['clusters', cluster, 'operationsCluster'],
    target: entry.operationsCluster,
  }))
  return [...references, { path: ['defaultCluster'], target: defaultCluster }].flatMap(
    ({ path, target }) => {
      if (target === undefined || Object.hasOwn(clusters, target)) return []
      const near = suggest(target, Object.keys(clusters))
      const hint = near === null ? '' : `, did you mean ${near}?`
      const key = `${name}:${file.positionOf(path)} ${path.join('.')}`
      return [`${sanitiseLine(`${key}: no cluster ${target} in this file`)}${hint}`]
    },
  )
}

async function readCapped(path: string): Promise<string> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size > MAX_BYTES) throw badFile([`${path} is larger than 5 MiB`])
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof OperatorError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw badFile([`${path} cannot be read: ${reason}`])
  }
}

function toPlain(document: Document, name: string): unknown {
  try {
    const plain: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    return plain ?? {}
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw badFile([`${name} ${reason}`])
  }
}

function badFile(problems: readonly string[]): OperatorError {
  const shown = problems.slice(0, MAX_PROBLEMS)
  const more = problems.length - shown.length
  return new OperatorError({
    code: 'CONFIG_INVALID',
    message: [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    nextSteps: ['klinic config init   (prints a file with every key explained)'],
    exit: 'badConfig',
  })
}

function positionIn(document: Document, lines: LineCounter, path: readonly PropertyKey[]): string {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = document.getIn(path.slice(0, length - 1), true)
    const holder = length === 1 ? document.contents : parent
    const last = String(path[length - 1])
    if (isMap(holder)) {
      const pair = holder.items.find((item) => String(item.key) === last)
      const start = rangeStart(pair?.key)
      if (start !== null) return format(lines, start)
    }
    const start = rangeStart(document.getIn(path.slice(0, length), true))
    if (start !== null) return format(lines, start)
  }
  return '1:1'
}

function format(lines: LineCounter, offset: number): string {
  const at = lines.linePos(offset)
  return `${at.line}:${at.col}`
}

function rangeStart(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node)) return null
  const { range } = node
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : null
}

type Issue = z.core.$ZodIssue

function describeIssue(
  issue: Issue,
  base: readonly PropertyKey[],
  positionOf: (path: readonly PropertyKey[]) => string,
  name: string,
): readonly string[] {
  const path = [...base, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = suggest(key, knownKeys(path))
      const hint = near === null ? '' : `, did you mean ${near}?`
      return `${name}:${positionOf([...path, key])} unknown key ${sanitiseLine(key)}${hint}`
    })
  }
  const where = `${name}:${positionOf(path)} ${path.map(String).join('.')}`
  return [`${sanitiseLine(where)}: ${issue.message}`]
}
