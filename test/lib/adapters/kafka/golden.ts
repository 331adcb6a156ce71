import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import type { ApiCodec } from '../../../../src/lib/adapters/kafka/protocol/api-codec.js'
import {
  decodeResponse,
  encodeRequest,
} from '../../../../src/lib/adapters/kafka/protocol/api-codec.js'

/** Any message, as the Java client prints it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- fixture data in Kafka's own field names, compared with and never relied upon
export type Values = any

interface Golden<Message> {
  readonly values: Message
  readonly hex: string
}

interface Fixture<Asked, Answered> {
  readonly versions: Record<
    string,
    { readonly request: Golden<Asked>; readonly response: Golden<Answered> }
  >
}

/**
 * What a codec must make of the golden values. `Asked` and `Answered` are the messages in Kafka's own field names, as
 * the Java client prints them; `request` is absent when the fixture's request is not one that we send.
 */
export interface GoldenExpectation<Request, Response, Asked, Answered> {
  readonly request?: (values: Asked, version: number) => Request
  readonly response: (values: Answered, version: number) => Response
}

const EMPTY_TAGS = '00'

/** For each version of a codec: our request is the Java client's, byte for byte, and its answer reads wholly. */
export function testAgainstJavaClient<Request, Response, Asked = Values, Answered = Values>(
  fixtureName: string,
  codec: ApiCodec<Request, Response>,
  expectation: GoldenExpectation<Request, Response, Asked, Answered>,
): void {
  const url = new URL(`golden/${fixtureName}.json`, import.meta.url)
  const { versions } = JSON.parse(readFileSync(url, 'utf8')) as Fixture<Asked, Answered>
  for (let version = codec.minVersion; version <= codec.maxVersion; version++) {
    const golden = versions[String(version)]
    const flexible = version >= codec.flexibleFrom
    const { request } = expectation
    if (request !== undefined) {
      it(`${codec.name} v${version} asks with the bytes of the Java client`, () => {
        const body = encodeRequest(codec, request(golden!.request.values, version), version)
        const expected = (flexible ? EMPTY_TAGS : '') + golden!.request.hex
        expect(body.toString('hex')).toBe(expected)
      })
    }
    it(`${codec.name} v${version} reads the whole answer of the Java client`, () => {
      const header = flexible && codec.apiKey !== 18 ? EMPTY_TAGS : ''
      const payload = Buffer.from(header + golden!.response.hex, 'hex')
      const expected = expectation.response(golden!.response.values, version)
      expect(decodeResponse(codec, payload, version)).toEqual(expected)
    })
    it(`${codec.name} v${version} refuses an answer that is cut off or too long`, () => {
      const header = flexible && codec.apiKey !== 18 ? EMPTY_TAGS : ''
      const payload = Buffer.from(header + golden!.response.hex, 'hex')
      for (let length = 0; length < payload.length; length++) {
        expect(() => decodeResponse(codec, payload.subarray(0, length), version)).toThrow(
          'malformed',
        )
      }
      const longer = Buffer.concat([payload, Buffer.from([0])])
      expect(() => decodeResponse(codec, longer, version)).toThrow('left over')
    })
  }
}
