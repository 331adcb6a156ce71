import avro, { type Schema, type Type } from 'avsc'
import type { BrokerSample } from '../../../traffic/sample.js'
import { crc64Avro } from './crc64-avro.js'
import { knownSchemas } from './known-schemas.js'
import { isPlausible } from './plausible.js'
import { skimmer, type Skim } from './skim.js'
import { fromWire, toWire, type WireSample } from './wire-sample.js'

/** Avro single-object encoding: two bytes of marker and eight of the schema's fingerprint stand before the data. */
const MARKER = [0xc3, 0x01] as const
const HEADER_BYTES = 10

/** Why a record is no sample. */
export type SkipReason = 'not-a-sample' | 'unknown-schema' | 'corrupt'

/** What became of a record. */
export type DecodedSample =
  | { readonly ok: true; readonly sample: BrokerSample }
  | { readonly ok: false; readonly reason: SkipReason }

/** Writes samples with the newest schema and reads them in every schema that it knows. */
export interface SampleCodec {
  encode(sample: BrokerSample): Uint8Array
  /** Never throws: what anybody wrote to the topic is at worst skipped. */
  decode(bytes: Uint8Array): DecodedSample
}

/** CRC-64-AVRO of the schema's Parsing Canonical Form, as it stands in the header of a record. */
export function fingerprintOf(schema: Schema): bigint {
  return crc64Avro(new TextEncoder().encode(canonicalForm(avro.Type.forSchema(schema))))
}

const canonicalForm = (type: Type): string => JSON.stringify(type.schema())

function headerOf(schema: Schema): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES)
  header.set(MARKER)
  header.writeBigUInt64LE(fingerprintOf(schema), MARKER.length)
  return header
}

type Resolver = ReturnType<Type['createResolver']>

interface Writer {
  readonly resolver: Resolver
  readonly fits: Skim
}

function readWith(reader: Type, writer: Writer | undefined, bytes: Buffer): DecodedSample {
  if (writer === undefined) return { ok: false, reason: 'unknown-schema' }
  if (!writer.fits(bytes, HEADER_BYTES)) return { ok: false, reason: 'corrupt' }
  try {
    const wire = reader.fromBuffer(bytes.subarray(HEADER_BYTES), writer.resolver) as WireSample
    if (!isPlausible(wire)) return { ok: false, reason: 'corrupt' }
    return { ok: true, sample: fromWire(wire) }
  } catch {
    return { ok: false, reason: 'corrupt' }
  }
}

/** A codec for these schemas, oldest first; the last one is written, and all of them are read. */
export function sampleCodec(schemas: readonly Schema[] = knownSchemas): SampleCodec {
  const newest = schemas.at(-1)
  if (newest === undefined) throw new RangeError('a codec needs a schema')
  const reader = avro.Type.forSchema(newest)
  const header = headerOf(newest)
  const writers = new Map(
    schemas.map((schema): [bigint, Writer] => {
      const type = avro.Type.forSchema(schema)
      const fits = skimmer(canonicalForm(type))
      return [fingerprintOf(schema), { resolver: reader.createResolver(type), fits }]
    }),
  )
  return {
    encode: (sample) => Buffer.concat([header, reader.toBuffer(toWire(sample))]),
    decode(record) {
      const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength)
      const marked = bytes.length > HEADER_BYTES && bytes[0] === MARKER[0] && bytes[1] === MARKER[1]
      if (!marked) return { ok: false, reason: 'not-a-sample' }
      return readWith(reader, writers.get(bytes.readBigUInt64LE(MARKER.length)), bytes)
    },
  }
}
