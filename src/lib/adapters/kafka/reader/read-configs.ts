import pLimit from 'p-limit'

import type {
  ConfigResource,
  ConfigSource,
  ConfigValue,
  ResourceConfigs,
} from '../../../ports/cluster-reader.js'
import { toBrokerFailure } from '../pool/broker-request-error.js'
import type { KafkaPool, RequestTarget } from '../pool/kafka-pool.js'
import type { DescribeConfigsResult, DescribedConfig } from '../protocol/apis/describe-configs.js'
import { describeConfigs, RESOURCE_TYPE } from '../protocol/apis/describe-configs.js'
import { errorName } from '../protocol/error-names.js'

const RESOURCES_A_REQUEST = 500
const PARALLEL = 16

/** `ConfigSource` of the Java client, by the number on the wire. */
const SOURCES: readonly ConfigSource[] = [
  'UNKNOWN',
  'DYNAMIC_TOPIC',
  'DYNAMIC_BROKER',
  'DYNAMIC_DEFAULT_BROKER',
  'STATIC_BROKER',
  'DEFAULT',
  'DYNAMIC_BROKER_LOGGER',
  'DYNAMIC_CLIENT_METRICS',
  'DYNAMIC_GROUP',
]

/** Configs in the order of the resources; one that cannot be had carries its error, and the others come all the same. */
export async function readConfigs(
  pool: KafkaPool,
  resources: readonly ConfigResource[],
  keys?: readonly string[],
): Promise<ResourceConfigs[]> {
  const limit = pLimit(PARALLEL)
  const answers = await Promise.all(
    batches(resources).map((batch) => limit(() => ask(pool, batch, keys))),
  )
  const byResource = new Map(answers.flat().map((answer) => [resourceKey(answer.resource), answer]))
  return resources.map((resource) => byResource.get(resourceKey(resource)) ?? unanswered(resource))
}

interface Batch {
  readonly target: RequestTarget
  readonly resources: readonly ConfigResource[]
}

/** A broker describes itself; everything else any broker can tell. */
function batches(resources: readonly ConfigResource[]): Batch[] {
  const isBroker = ({ type, name }: ConfigResource): boolean => type === 'broker' && name !== ''
  const anywhere = resources.filter((resource) => !isBroker(resource))
  const result: Batch[] = resources
    .filter(isBroker)
    .map((resource) => ({ target: { brokerId: Number(resource.name) }, resources: [resource] }))
  for (let from = 0; from < anywhere.length; from += RESOURCES_A_REQUEST) {
    result.push({ target: 'any', resources: anywhere.slice(from, from + RESOURCES_A_REQUEST) })
  }
  return result
}

async function ask(
  pool: KafkaPool,
  { target, resources }: Batch,
  keys: readonly string[] | undefined,
): Promise<ResourceConfigs[]> {
  const request = {
    resources: resources.map(({ type, name }) => ({
      resourceType: RESOURCE_TYPE[type],
      resourceName: name,
      configurationKeys: keys ?? null,
    })),
  }
  try {
    const { results } =
      target === 'any'
        ? (await pool.read(describeConfigs, request)).response
        : await pool.request(target, describeConfigs, request)
    return results.map(toResourceConfigs)
  } catch (error) {
    const failure = toBrokerFailure(error)
    return resources.map((resource) => ({ resource, error: failure, values: [] }))
  }
}

function toResourceConfigs(result: DescribeConfigsResult): ResourceConfigs {
  const type = result.resourceType === RESOURCE_TYPE.topic ? 'topic' : 'broker'
  const resource = { type, name: result.resourceName } as const
  if (result.errorCode === 0) return { resource, values: result.configs.map(toValue) }
  const code = errorName(result.errorCode)
  return { resource, error: { code, message: result.errorMessage ?? code }, values: [] }
}

function toValue(config: DescribedConfig): ConfigValue {
  const { name, isSensitive, configSource } = config
  return {
    name,
    value: isSensitive ? null : config.value,
    source: SOURCES[configSource] ?? 'UNKNOWN',
    sensitive: isSensitive,
  }
}

function unanswered(resource: ConfigResource): ResourceConfigs {
  const message = 'the broker left this resource out of its answer'
  return { resource, error: { code: 'NO_ANSWER', message }, values: [] }
}

function resourceKey({ type, name }: ConfigResource): string {
  return `${type}:${name}`
}
