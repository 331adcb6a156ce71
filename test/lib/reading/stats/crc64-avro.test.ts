import { expect, it } from 'vitest'
import { crc64Avro } from '../../../../src/lib/reading/stats/codec/crc64-avro.js'

const fingerprint = (text: string) => crc64Avro(new TextEncoder().encode(text))

it.each([
  ['"null"', 0x63dd24e7cc258f8an],
  ['"boolean"', 0x9f42fc78a4d4f764n],
  ['"int"', 0x7275d51a3f395c8fn],
  ['"long"', 0xd054e14493f41db7n],
  ['"float"', 0x4d7c02cb3ea8d790n],
  ['"double"', 0x8e7535c032ab957en],
  ['"bytes"', 0x4fc016dac3201965n],
  ['"string"', 0x8f014872634503c7n],
])('fingerprints %s as the Avro specification’s test cases do', (schema, expected) => {
  expect(fingerprint(schema)).toBe(expected)
})

it('starts from the empty fingerprint', () => {
  expect(fingerprint('')).toBe(0xc15d213aa4d7a795n)
})
