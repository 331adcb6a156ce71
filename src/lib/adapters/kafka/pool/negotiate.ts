import type { ApiCodec } from '../protocol/api-codec.js'
import { apiVersions } from '../protocol/apis/api-versions.js'
import type { ApiVersionRange } from '../protocol/apis/api-versions.js'
import { metadata } from '../protocol/apis/metadata.js'
import { BrokerRequestError } from './broker-request-error.js'

type Exchange = <Request, Response>(
  codec: ApiCodec<Request, Response>,
  request: Request,
  version: number,
) => Promise<Response>

/** Every broker since Kafka 2.4 knows it. */
const ASKED_VERSION = 3
const CLIENT = { clientSoftwareName: 'klinic', clientSoftwareVersion: '0.1.0' }

/** Asks a fresh connection which versions the broker speaks; refuses brokers older than Kafka 2.8. */
export async function negotiate(
  subject: string,
  exchange: Exchange,
): Promise<ReadonlyMap<number, ApiVersionRange>> {
  const answer = await exchange(apiVersions, CLIENT, ASKED_VERSION)
  const versions = new Map(answer.apiKeys.map((range) => [range.apiKey, range]))
  const range = versions.get(metadata.apiKey)
  if (range === undefined || range.maxVersion < metadata.minVersion) throw tooOld(subject)
  return versions
}

function tooOld(subject: string): BrokerRequestError {
  return new BrokerRequestError({
    code: 'KAFKA_TOO_OLD',
    message: `${subject} runs a Kafka older than 2.8, which is the oldest that klinic works with`,
    sent: false,
  })
}
