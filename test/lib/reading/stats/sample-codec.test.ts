import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleCodec } from '../../../../src/lib/reading/stats/codec/sample-codec.js'
import { sampleSchema1 } from '../../../../src/lib/reading/stats/codec/sample-schema-1.js'
import { encodeRecords } from '../../../../src/lib/reading/stats/encode-records.js'
import { snapshotFromSamples } from '../../../../src/lib/traffic/from-samples.js'
import type { BrokerSample } from '../../../../src/lib/traffic/sample.js'
import { toSamples } from '../../../../src/lib/traffic/to-samples.js'
import { arbitrarySnapshot, trafficFor } from '../../traffic/arbitrary-snapshot.js'

const codec = sampleCodec()

function samplesOf(bytes: readonly Uint8Array[]): readonly BrokerSample[] {
  return bytes.map((value) => {
    const decoded = codec.decode(value)
    if (!decoded.ok) throw new Error(decoded.reason)
    return decoded.sample
  })
}

const sampleBytes = arbitrarySnapshot.map((snapshot) =>
  codec.encode(toSamples(snapshot, trafficFor(snapshot))[0]!),
)

describe('samples', () => {
  it('rebuild exactly the snapshot that they were made of, in any order', () => {
    fc.assert(
      fc.property(arbitrarySnapshot, fc.infiniteStream(fc.nat()), (snapshot, random) => {
        const encoded = toSamples(snapshot, trafficFor(snapshot)).map((s) => codec.encode(s))
        const shuffled = encoded
          .map((bytes) => ({ bytes, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ bytes }) => bytes)
        const rebuilt = snapshotFromSamples(samplesOf(shuffled))
        expect(rebuilt?.snapshot).toEqual(snapshot)
        expect(rebuilt?.missingBrokers).toEqual([])
      }),
    )
  })

  it('that are too large become several records that say the same', () => {
    fc.assert(
      fc.property(arbitrarySnapshot, (snapshot) => {
        const samples = toSamples(snapshot, trafficFor(snapshot))
        const records = encodeRecords(samples, codec, 300)
        const rebuilt = snapshotFromSamples(samplesOf(records.map((r) => r.value!)))
        expect(rebuilt?.snapshot).toEqual(snapshot)
      }),
    )
  })

  it('name the brokers of which a sample is missing', () => {
    fc.assert(
      fc.property(arbitrarySnapshot, (snapshot) => {
        const samples = toSamples(snapshot, trafficFor(snapshot)).slice(1)
        expect(snapshotFromSamples(samples)?.missingBrokers).toEqual([1])
      }),
    )
  })
})

describe('decoding what anybody may have written', () => {
  it('never throws and never yields a negative or infinite figure, whatever bits are flipped', () => {
    fc.assert(
      fc.property(sampleBytes, fc.nat(), fc.integer({ min: 0, max: 7 }), (bytes, at, bit) => {
        const flipped = Uint8Array.from(bytes)
        flipped[at % flipped.length]! ^= 1 << bit
        const decoded = codec.decode(flipped)
        if (!decoded.ok) return
        for (const { replicas } of decoded.sample.topics)
          for (const { bytesIn, bytesOut, coveredMs, sizeBytes } of replicas)
            for (const figure of [bytesIn ?? 0, bytesOut ?? 0, coveredMs, sizeBytes ?? 0])
              expect(Number.isSafeInteger(figure) && figure >= 0).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes no truncated record for a sample', () => {
    fc.assert(
      fc.property(sampleBytes, fc.nat(), (bytes, at) => {
        expect(codec.decode(bytes.subarray(0, at % bytes.length)).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('skips random bytes behind a true header quickly, forged array lengths included', () => {
    fc.assert(
      fc.property(sampleBytes, fc.uint8Array({ maxLength: 200 }), (bytes, noise) => {
        const forged = Buffer.concat([bytes.subarray(0, 10), noise])
        expect(codec.decode(forged).ok).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('calls what is no single-object encoding, and an unknown schema, by their names', () => {
    expect(codec.decode(new TextEncoder().encode('hello, this is text'))).toEqual({
      ok: false,
      reason: 'not-a-sample',
    })
    const unknown = Buffer.concat([Buffer.from([0xc3, 0x01]), Buffer.alloc(30, 7)])
    expect(codec.decode(unknown)).toEqual({ ok: false, reason: 'unknown-schema' })
  })
})

describe('evolution', () => {
  const next = {
    ...sampleSchema1,
    fields: [
      ...sampleSchema1.fields,
      { name: 'collectorVersion', type: ['null', 'string'], default: null },
    ],
  }
  const newer = sampleCodec([sampleSchema1, next])
  const [sample] = fc.sample(
    arbitrarySnapshot.map((snapshot) => toSamples(snapshot, trafficFor(snapshot))[0]!),
    { numRuns: 1, seed: 7 },
  )

  it('lets a newer version read the samples of an older one', () => {
    const decoded = newer.decode(codec.encode(sample!))
    expect(decoded).toMatchObject({ ok: true, sample: { ...sample, collectorVersion: null } })
  })

  it('lets an older version that knows the newer schema read its samples, without the new field', () => {
    const older = sampleCodec([next, sampleSchema1])
    const written = newer.encode({ ...sample!, collectorVersion: '9' } as BrokerSample)
    const decoded = older.decode(written)
    expect(decoded.ok && decoded.sample).toEqual(sample)
    expect(codec.decode(written)).toEqual({ ok: false, reason: 'unknown-schema' })
  })
})
