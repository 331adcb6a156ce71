import type { ApiCodec } from '../api-codec.js'

/** Kafka's numbers of `ConfigResource.Type`. */
export const CONFIG_RESOURCE_TYPES = { topic: 2, broker: 4 } as const
/** Kafka's numbers of `AlterConfigOp.OpType`. */
export const CONFIG_OPERATIONS = { set: 0, delete: 1, append: 2, subtract: 3 } as const

/** IncrementalAlterConfigs request (KIP-339): only the keys that are named change. */
export interface IncrementalAlterConfigsRequest {
  readonly validateOnly: boolean
  readonly resources: readonly {
    readonly resourceType: number
    readonly resourceName: string
    readonly configs: readonly {
      readonly name: string
      readonly operation: number
      readonly value: string | null
    }[]
  }[]
}

/** Outcome of one resource: all its changes or none. */
export interface AlterConfigsResult {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly resourceType: number
  readonly resourceName: string
}

/** IncrementalAlterConfigs answer. */
export interface IncrementalAlterConfigsResponse {
  readonly results: readonly AlterConfigsResult[]
}

/** IncrementalAlterConfigs, versions 0 (Kafka 2.3) and 1 (flexible). */
export const incrementalAlterConfigs: ApiCodec<
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse
> = {
  apiKey: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 1,
  isPassedOn: true,
  encode(writer, request) {
    writer.array(request.resources, ({ resourceType, resourceName, configs }) => {
      writer.int8(resourceType).string(resourceName)
      writer.array(configs, ({ name, operation, value }) => {
        writer.string(name).int8(operation).nullableString(value).tags()
      })
      writer.tags()
    })
    writer.boolean(request.validateOnly).tags()
  },
  decode(reader) {
    reader.int32()
    const results = reader.array(() => {
      const result = {
        errorCode: reader.int16(),
        errorMessage: reader.nullableString(),
        resourceType: reader.int8(),
        resourceName: reader.string(),
      }
      reader.tags()
      return result
    })
    reader.tags()
    return { results }
  },
}
