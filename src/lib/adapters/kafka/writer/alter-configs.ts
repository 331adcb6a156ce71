import type { ConfigResource } from '../../../ports/cluster-reader.js'
import type { ConfigChange, WriteOutcome } from '../../../ports/cluster-writer.js'
import type { KafkaPool, RequestTarget } from '../pool/kafka-pool.js'
import {
  CONFIG_OPERATIONS,
  CONFIG_RESOURCE_TYPES,
  incrementalAlterConfigs,
} from '../protocol/apis/incremental-alter-configs.js'
import { NOT_IN_ANSWER, outcomeOf, PARTITIONS_A_REQUEST, pieces } from './outcomes.js'
import { settle } from './send.js'

/** A resource with its changes, and what came of them. */
interface ResourceChanges {
  readonly resource: ConfigResource
  readonly changes: ConfigChange[]
}

/** How the configs are changed. */
export interface AlterConfigsOptions {
  readonly validateOnly: boolean
}

/**
 * IncrementalAlterConfigs: the configs of a broker are sent to that broker itself (others refuse them), the rest to
 * any broker in one request. One outcome for each resource, in order of first appearance.
 */
export async function alterConfigs(
  pool: KafkaPool,
  changes: readonly ConfigChange[],
  options: AlterConfigsOptions,
): Promise<readonly { readonly resource: ConfigResource; readonly outcome: WriteOutcome }[]> {
  const groups = byResource(changes)
  const outcomes = new Map<ResourceChanges, WriteOutcome>()
  const send = async (target: RequestTarget, some: readonly ResourceChanges[]): Promise<void> => {
    const settled = await settle(some.length, () => request(pool, target, some, options))
    for (const [index, group] of some.entries()) {
      outcomes.set(group, settled[index] ?? NOT_IN_ANSWER)
    }
  }
  const ofBrokers = groups.filter(({ resource }) => isOneBroker(resource))
  await Promise.all(
    ofBrokers.map((group) => send({ brokerId: Number(group.resource.name) }, [group])),
  )
  const rest = groups.filter(({ resource }) => !isOneBroker(resource))
  for (const piece of pieces(rest, PARTITIONS_A_REQUEST)) await send('any', piece)
  return groups.map((group) => ({
    resource: group.resource,
    outcome: outcomes.get(group) ?? NOT_IN_ANSWER,
  }))
}

const isOneBroker = ({ type, name }: ConfigResource): boolean => type === 'broker' && name !== ''

const resourceId = (type: number, name: string): string => `${type} ${name}`

function byResource(changes: readonly ConfigChange[]): readonly ResourceChanges[] {
  const groups = new Map<string, ResourceChanges>()
  for (const change of changes) {
    const id = resourceId(CONFIG_RESOURCE_TYPES[change.resource.type], change.resource.name)
    const group = groups.get(id)
    if (group === undefined) groups.set(id, { resource: change.resource, changes: [change] })
    else group.changes.push(change)
  }
  return [...groups.values()]
}

async function request(
  pool: KafkaPool,
  target: RequestTarget,
  groups: readonly ResourceChanges[],
  { validateOnly }: AlterConfigsOptions,
): Promise<readonly WriteOutcome[]> {
  const { results } = await pool.request(target, incrementalAlterConfigs, {
    validateOnly,
    resources: groups.map(({ resource, changes }) => ({
      resourceType: CONFIG_RESOURCE_TYPES[resource.type],
      resourceName: resource.name,
      configs: changes.map(({ name, op, value }) => ({
        name,
        operation: CONFIG_OPERATIONS[op],
        value: op === 'delete' ? null : (value ?? ''),
      })),
    })),
  })
  const byId = new Map(results.map((r) => [resourceId(r.resourceType, r.resourceName), r]))
  return groups.map(({ resource }) => {
    const result = byId.get(resourceId(CONFIG_RESOURCE_TYPES[resource.type], resource.name))
    return result === undefined ? NOT_IN_ANSWER : outcomeOf(result.errorCode, result.errorMessage)
  })
}
