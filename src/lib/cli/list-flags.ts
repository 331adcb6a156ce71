import { custom } from '@oclif/core/flags'

import { parseBytes, parseBytesPerSec, parseShare } from '../units/parse-quantity.js'

/** The parser of a flag from one that answers null for what it does not understand. */
const expecting =
  <T>(parse: (text: string) => T | null, what: string) =>
  (input: string): Promise<T> => {
    const value = parse(input)
    if (value === null) throw new Error(`expected ${what}, got ${JSON.stringify(input)}`)
    return Promise.resolve(value)
  }

function parseIds(text: string): readonly number[] | null {
  const words = text.split(',').map((word) => word.trim())
  if (!words.every((word) => /^\d{1,9}$/.test(word))) return null
  return [...new Set(words.map(Number))]
}

function parseRegex(text: string): RegExp | null {
  try {
    return new RegExp(text, 'u')
  } catch {
    return null
  }
}

const RESOURCES = ['in', 'out', 'disk', 'leaders', 'replicas'] as const

/** What a balance can even out. */
export type ResourceWord = (typeof RESOURCES)[number]

function parseResources(text: string): readonly ResourceWord[] | null {
  const words = text.split(',').map((word) => word.trim())
  const known = RESOURCES.filter((resource) => words.includes(resource))
  return known.length === new Set(words).size ? known : null
}

/** `--brokers 3,4`: ids without doubles, in the order given. */
export const brokerIdsFlag = custom<readonly number[]>({
  parse: expecting(parseIds, 'broker ids such as 3,4'),
})
/** `--exclude-topics '^audit\.'`: found anywhere in the name unless anchored. */
export const regexFlag = custom<RegExp>({ parse: expecting(parseRegex, 'a regular expression') })
/** `--resources in,out,disk,leaders,replicas` */
export const resourcesFlag = custom<readonly ResourceWord[]>({
  parse: expecting(parseResources, `some of ${RESOURCES.join(',')}`),
})
/** `--in-limit 50MB` or `50MB/s`: bytes per second. */
export const capacityRateFlag = custom<number>({
  parse: expecting(
    (text) => parseBytesPerSec(text) ?? parseBytes(text),
    'a rate such as 50MB or 35MiB/s',
  ),
})
/** `--band 10%` or `off` */
export const bandFlag = custom<number | 'off'>({
  parse: expecting((text) => (text.trim() === 'off' ? 'off' : parseShare(text)), '10% or off'),
})
