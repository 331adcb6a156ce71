import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ApiCodec } from '../../../../../src/lib/adapters/kafka/protocol/api-codec.js'
import { decodeResponse } from '../../../../../src/lib/adapters/kafka/protocol/api-codec.js'
import { apiVersions } from '../../../../../src/lib/adapters/kafka/protocol/apis/api-versions.js'
import { describeConfigs } from '../../../../../src/lib/adapters/kafka/protocol/apis/describe-configs.js'
import { describeLogDirs } from '../../../../../src/lib/adapters/kafka/protocol/apis/describe-log-dirs.js'
import { describeQuorum } from '../../../../../src/lib/adapters/kafka/protocol/apis/describe-quorum.js'
import { listOffsets } from '../../../../../src/lib/adapters/kafka/protocol/apis/list-offsets.js'
import { metadata } from '../../../../../src/lib/adapters/kafka/protocol/apis/metadata.js'
import { offsetFetch } from '../../../../../src/lib/adapters/kafka/protocol/apis/offset-fetch.js'
import { ProtocolError } from '../../../../../src/lib/adapters/kafka/protocol/protocol-error.js'

const CODECS: readonly (readonly [string, ApiCodec<never, unknown>])[] = [
  ['api-versions', apiVersions],
  ['describe-configs', describeConfigs],
  ['describe-log-dirs', describeLogDirs],
  ['describe-quorum', describeQuorum],
  ['list-offsets', listOffsets],
  ['metadata', metadata],
  ['offset-fetch', offsetFetch],
]

interface Fixture {
  readonly versions: Record<string, { readonly response: { readonly hex: string } }>
}

function goldenAnswer(fixture: string, codec: ApiCodec<never, unknown>): Buffer {
  const url = new URL(`../golden/${fixture}.json`, import.meta.url)
  const { versions } = JSON.parse(readFileSync(url, 'utf8')) as Fixture
  const header = codec.maxVersion >= codec.flexibleFrom && codec !== apiVersions ? '00' : ''
  return Buffer.from(header + versions[String(codec.maxVersion)]!.response.hex, 'hex')
}

/** Decodes, and lets nothing out but the one error that callers know. */
function decodeOrRefuse(codec: ApiCodec<never, unknown>, bytes: Uint8Array): void {
  try {
    decodeResponse(codec, bytes, codec.maxVersion)
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
  }
}

describe.each(CODECS)('a damaged answer of %s', (fixture, codec) => {
  const golden = goldenAnswer(fixture, codec)

  it('is decoded or refused, whichever bytes were changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(golden.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(changes, (changed) => {
        const bytes = Buffer.from(golden)
        for (const [at, value] of changed) bytes[at] = value
        decodeOrRefuse(codec, bytes)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is decoded or refused, whatever bytes it consists of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => decodeOrRefuse(codec, bytes)),
      { numRuns: 1_000 },
    )
  })
})
