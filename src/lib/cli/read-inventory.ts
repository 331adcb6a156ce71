import { readFileSync } from 'node:fs'

import { parse } from 'yaml'
import * as z from 'zod'

import { OperatorError } from '../errors/operator-error.js'

const schema = z.record(z.string().regex(/^\d{1,9}$/, 'expected a broker id'), z.string().min(1))
const CAP_BYTES = 1024 * 1024

/** Reads `broker id: [USER@]HOST[:PORT]` from a YAML or JSON file. */
export function readInventory(path: string): Readonly<Record<string, string>> {
  const fail = (why: string, cause?: unknown): OperatorError =>
    new OperatorError({
      code: 'INVENTORY_UNREADABLE',
      message: `${path} is no inventory: ${why}`,
      nextSteps: ['write one line for each broker: ID: [USER@]HOST[:PORT]'],
      exit: 'badConfig',
      cause,
    })
  let document: unknown
  try {
    const text = readFileSync(path, 'utf8')
    if (text.length > CAP_BYTES) throw new RangeError('it is larger than 1 MiB')
    document = parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error), error)
  }
  const parsed = schema.safeParse(document)
  if (!parsed.success) throw fail(z.prettifyError(parsed.error), parsed.error)
  return parsed.data
}
