import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseClientProperties } from '../../../../src/lib/config/client-properties/parse.js'
import { parseJaas } from '../../../../src/lib/config/client-properties/parse-jaas.js'

interface GoldenCase {
  readonly text: string
  readonly entries: readonly (readonly [string, string])[]
}
const golden = JSON.parse(
  readFileSync(new URL('java-properties.json', import.meta.url), 'utf8'),
) as readonly GoldenCase[]

const java = (text: string) => parseClientProperties(Buffer.from(text, 'latin1')).properties

describe('Java client properties', () => {
  it('are read as java.util.Properties reads them (400 texts, recorded)', () => {
    expect(golden).toHaveLength(400)
    for (const { text, entries } of golden) {
      const ours = [...java(text)].sort(([a], [b]) => (a < b ? -1 : 1))
      expect(ours, JSON.stringify(text)).toEqual(entries)
    }
  })

  it('give back whatever Java stored', () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ unit: 'binary-ascii' })), (entries) => {
        const text = Object.entries(entries)
          .map(([name, value]) => `${escape(name)}=${escape(value)}`)
          .join('\n')
        expect(new Map(java(text))).toEqual(new Map(Object.entries(entries)))
      }),
    )
  })

  it('cannot reach an object prototype', () => {
    expect(java('__proto__=x\nconstructor=y').get('__proto__')).toBe('x')
  })
})

const key = fc.stringMatching(/^[a-z]{1,8}(\.[a-z]{1,8}){0,2}$/)
const escape = (text: string): string =>
  Array.from(text)
    .map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

describe('librdkafka properties', () => {
  it('are told by their names, and keep backslashes and trailing text as they are', () => {
    const text = '# kcat\nbootstrap.servers = a:9092\nsasl.username=u\nsasl.password=a\\b=c#d\n'
    const { kind, properties } = parseClientProperties(Buffer.from(text))
    expect(kind).toBe('librdkafka')
    expect(properties.get('sasl.password')).toBe('a\\b=c#d')
    expect(properties.get('bootstrap.servers')).toBe('a:9092')
  })
})

describe('sasl.jaas.config', () => {
  it('is read with quoted and bare values', () => {
    const text =
      'org.example.Module required\n  username="u;=" password=pa55\n serviceName="k\\"k\\\\";'
    expect(parseJaas(text)).toEqual({
      module: 'org.example.Module',
      options: new Map([
        ['username', 'u;='],
        ['password', 'pa55'],
        ['serviceName', 'k"k\\'],
      ]),
    })
  })

  it.each([
    '',
    'Module',
    'Module required',
    'Module required x=1',
    'Module required x;',
    'Module required x="1;',
    'Module maybe x=1;',
    'A required x=1; B required;',
  ])('refuses %j', (text) => {
    expect(parseJaas(text)).toBeNull()
  })

  it('gives back any options that were quoted', () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), (options) => {
        const quoted = Object.entries(options).map(
          ([name, value]) => `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`,
        )
        const login = parseJaas(`M required ${quoted.join(' ')};`)
        expect(login?.options).toEqual(new Map(Object.entries(options)))
      }),
    )
  })

  it('takes time in proportion to its length, whatever stands in it', () => {
    const texts = [' ', '"', '\\', '= ', 'a', 'a=b ', 'a="b" '].map((piece) =>
      piece.repeat(200_000),
    )
    const startedAt = performance.now()
    for (const text of texts) parseJaas(`M required ${text}`)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })
})
