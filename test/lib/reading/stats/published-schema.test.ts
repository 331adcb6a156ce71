import { readFileSync } from 'node:fs'
import type { Schema } from 'avsc'
import { expect, it } from 'vitest'
import { knownSchemas } from '../../../../src/lib/reading/stats/codec/known-schemas.js'
import { fingerprintOf } from '../../../../src/lib/reading/stats/codec/sample-codec.js'

it.each(knownSchemas.map((schema, index) => [index + 1, schema] as const))(
  'the published schema of version %i is what the code writes and reads, with its fingerprint in the docs',
  (version, schema) => {
    const published = readFileSync(`docs/schemas/sample-${version}.avsc`, 'utf8')
    expect(JSON.parse(published)).toEqual(schema)
    const fingerprint = fingerprintOf(JSON.parse(published) as Schema)
    expect(readFileSync('docs/stats.md', 'utf8')).toContain(
      fingerprint.toString(16).padStart(16, '0'),
    )
  },
)

it('version 1 never changes', () => {
  expect(fingerprintOf(knownSchemas[0]!).toString(16)).toBe('edf461e91a1f18d6')
})
