import { z } from 'zod'

import { isHostAndPort } from '../units/host-and-port.js'
import {
  parseBytes,
  parseBytesPerSec,
  parseDurationMs,
  parseShare,
} from '../units/parse-quantity.js'

type Parse<T> = (text: string) => T | null

function quantity<T>(parse: Parse<T>, what: string): z.ZodType<T, string> {
  return z.string(`expected ${what}`).transform((text, context) => {
    const value = parse(text)
    if (value !== null) return value
    context.issues.push({ code: 'custom', message: `expected ${what}`, input: text })
    return z.NEVER
  })
}

/** `24h` → milliseconds. */
export const duration = (): z.ZodType<number, string> =>
  quantity(parseDurationMs, 'a duration such as 60s, 15m or 24h')

/** `50MB/s` → bytes per second. */
export const rate = (): z.ZodType<number, string> =>
  quantity(parseBytesPerSec, 'a rate such as 50MB/s')

/** `4TB` → bytes. */
export const bytes = (): z.ZodType<number, string> =>
  quantity(parseBytes, 'a size such as 500GB or 4TiB')

/** `10%` → 0.1. */
export const share = (): z.ZodType<number, string> => quantity(parseShare, 'a share such as 10%')

/** `10%` → 0.1, or `off`. */
export const shareOrOff = (): z.ZodType<number | 'off', string> =>
  quantity<number | 'off'>((text) => (text === 'off' ? 'off' : parseShare(text)), '10% or off')

/** `50MB/s` → bytes per second, `auto`, or `none`. */
export const throttle = (): z.ZodType<number | 'none' | 'auto', string> =>
  quantity<number | 'none' | 'auto'>(
    (text) => (text === 'none' || text === 'auto' ? text : parseBytesPerSec(text)),
    '50MB/s, auto or none',
  )

/** A regular expression that compiles. */
export const regularExpression = (): z.ZodType<string, string> =>
  text().refine((pattern) => {
    try {
      return new RegExp(pattern, 'u').source !== ''
    } catch {
      return false
    }
  }, 'expected a regular expression')

/** One line of text, not empty. */
export const text = (): z.ZodType<string, string> =>
  z.string('expected a text').regex(/^\P{Cc}{1,1000}$/u, 'expected one line of text')

/** A Kafka topic name. */
export const topicName = (): z.ZodType<string, string> =>
  z
    .string('expected a topic name')
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'expected a topic name (A-Z a-z 0-9 . _ -)')

/** `host:port`, `[::1]:9092`. */
export const hostAndPort = (): z.ZodType<string, string> =>
  z.string('expected host:port').refine(isHostAndPort, 'expected host:port')

const digits = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)

/** A whole number from 1 on; a text of digits too, since environment variables are texts. */
export const count = (): z.ZodType<number, number | string> =>
  z.union([z.number(), digits], 'expected a whole number').pipe(z.number().int().min(1).max(1e6))

/** A broker id. */
export const brokerId = (): z.ZodType<number, number | string> =>
  z.union([z.int().min(0), digits], 'expected a broker id')

/** A list; one text with commas stands for one too (environment variables). */
export function list<T, Written>(item: z.ZodType<T, Written>): z.ZodType<T[], Written[] | string> {
  const split = z.string().transform((value) => value.split(',').map((part) => part.trim()))
  const items = z.array(item)
  return z.union([items, split.pipe(items as never)], 'expected a list')
}
