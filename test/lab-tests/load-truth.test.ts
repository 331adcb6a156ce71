import { describe, expect, it } from 'vitest'
import { crc32c } from '../lab/load/crc32c.js'
import { measure } from '../lab/load/fetch.js'
import { makeTemplate, stamp } from '../lab/load/record-batch.js'
import { Series } from '../lab/load/series.js'

describe('record batches of the load', () => {
  it('carry the checksum of the standard', () => {
    expect(crc32c(Buffer.from('123456789'), 0)).toBe(0xe3069283)
  })

  it('come out at about the size that was asked for, compressed or not', () => {
    for (const compression of ['none', 'gzip'] as const) {
      const shape = { valueBytes: 500, keys: 0, compression }
      const { bytes } = makeTemplate(shape, 20_000)
      expect(Math.abs(bytes.length - 20_000)).toBeLessThan(1_000)
    }
  })

  it('hold one record when a record is bigger than the size that was asked for', () => {
    const template = makeTemplate({ valueBytes: 5_000, keys: 3, compression: 'none' }, 100)
    expect(template.records).toBe(1)
  })
})

describe('what a fetch brought', () => {
  const template = makeTemplate({ valueBytes: 100, keys: 0, compression: 'none' }, 1_000)
  stamp(template, 1_700_000_000_000)

  it('counts whole batches apart from the one that was cut off', () => {
    const data = Buffer.concat([template.bytes, template.bytes.subarray(0, 500)])
    expect(measure(data, 0)).toEqual({
      bytes: template.bytes.length,
      wireBytes: template.bytes.length + 500,
      records: template.records,
      nextOffset: template.records,
    })
  })

  it('leaves out records before the offset that was asked for', () => {
    expect(measure(template.bytes, 2).records).toBe(template.records - 2)
  })
})

describe('a series', () => {
  it('sums any window and counts buckets at its edges in proportion', () => {
    const series = new Series()
    series.add(1_000, { bytes: 100, records: 10 })
    series.add(1_300, { bytes: 200, records: 20 })
    expect(series.sum({ fromMs: 0, toMs: 9_000 })).toEqual({ bytes: 300, records: 30 })
    expect(series.sum({ fromMs: 1_125, toMs: 1_375 })).toEqual({ bytes: 150, records: 15 })
    expect(series.sum({ fromMs: 5_000, toMs: 9_000 })).toEqual({ bytes: 0, records: 0 })
  })
})
