import type { ApiCodec } from '../api-codec.js'
import type { ProtocolReader } from '../protocol-reader.js'

/** Resource types of the config APIs: 2 is a topic, 4 a broker (name empty: the cluster-wide defaults). */
export const RESOURCE_TYPE = { topic: 2, broker: 4 } as const

/** DescribeConfigs request; null keys mean every key. */
export interface DescribeConfigsRequest {
  readonly resources: readonly {
    readonly resourceType: number
    readonly resourceName: string
    readonly configurationKeys: readonly string[] | null
  }[]
}

/** One effective value; the value of a sensitive key is null. */
export interface DescribedConfig {
  readonly name: string
  readonly value: string | null
  readonly configSource: number
  readonly isSensitive: boolean
}

/** The configs of one resource, or its error. */
export interface DescribeConfigsResult {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly resourceType: number
  readonly resourceName: string
  readonly configs: readonly DescribedConfig[]
}

/** DescribeConfigs answer. */
export interface DescribeConfigsResponse {
  readonly results: readonly DescribeConfigsResult[]
}

/** DescribeConfigs, version 4 (Kafka 2.8); without synonyms and documentation. */
export const describeConfigs: ApiCodec<DescribeConfigsRequest, DescribeConfigsResponse> = {
  apiKey: 32,
  name: 'DescribeConfigs',
  minVersion: 4,
  maxVersion: 4,
  flexibleFrom: 4,
  encode(writer, request) {
    writer
      .array(request.resources, (resource) =>
        writer
          .int8(resource.resourceType)
          .string(resource.resourceName)
          .nullableArray(resource.configurationKeys, (key) => writer.string(key))
          .tags(),
      )
      .boolean(false)
      .boolean(false)
      .tags()
  },
  decode(reader) {
    reader.int32()
    const results = reader.array(decodeResult)
    reader.tags()
    return { results }
  },
}

function decodeResult(reader: ProtocolReader): DescribeConfigsResult {
  const result = {
    errorCode: reader.int16(),
    errorMessage: reader.nullableString(),
    resourceType: reader.int8(),
    resourceName: reader.string(),
    configs: reader.array(decodeConfig),
  }
  reader.tags()
  return result
}

function decodeConfig(reader: ProtocolReader): DescribedConfig {
  const name = reader.string()
  const value = reader.nullableString()
  reader.boolean()
  const configSource = reader.int8()
  const isSensitive = reader.boolean()
  reader.array(skipSynonym)
  reader.int8()
  reader.nullableString()
  reader.tags()
  return { name, value, configSource, isSensitive }
}

function skipSynonym(reader: ProtocolReader): void {
  reader.string()
  reader.nullableString()
  reader.int8()
  reader.tags()
}
