import { systemClock } from '../adapters/system/clock.js'
import { runLocal } from '../adapters/local/run-local.js'
import { OperatorError } from '../errors/operator-error.js'
import { keepsUp } from '../execution/roll/judge-quorum.js'
import type { RollDeps, RollEvent } from '../execution/roll/roll-deps.js'
import type { RollSettings } from '../execution/roll/roll-settings.js'
import { serviceCommands, type ServiceCommands } from '../execution/roll/service-manager.js'
import type { GroupHealth } from '../health/consumers/judge-group.js'
import type { Snapshot } from '../model/snapshot.js'
import type { RestartStep } from '../plan/plan.js'
import type { ClusterReader } from '../ports/cluster-reader.js'
import type { HostConnector } from '../ports/hosts.js'
import type { WriteOutcome } from '../ports/cluster-writer.js'
import type { DrainedPartition, Journal } from '../ports/journal.js'
import { readAppendRates } from '../reading/read-append-rates.js'
import { readGateSamples } from '../reading/read-gate-samples.js'
import { withConsumerSource } from './compose-consumers.js'
import type { WriteContext } from './write-context.js'

const CONSUMER_WINDOW_MS = 20_000
const LAG_WINDOW_MS = 3_000
const RATE_INTERVAL_MS = 10_000

/** Replaces `{broker}` in the operator's names and commands by the broker's id. */
export function serviceOfBroker(
  settings: RollSettings,
  broker: number,
  role?: 'controller',
): ServiceCommands {
  const fill = (text: string): string => text.replaceAll('{broker}', String(broker))
  const { stop, start, status } = settings.templates
  const templates = {
    ...(stop === undefined ? {} : { stop: fill(stop) }),
    ...(start === undefined ? {} : { start: fill(start) }),
    ...(status === undefined ? {} : { status: fill(status) }),
  }
  const own = role === 'controller' && settings.controllerService !== ''
  const name = own ? settings.controllerService : settings.service
  return serviceCommands(settings.manager, fill(name), templates, settings.sudo)
}

/** The SSH target of a broker: from the inventory, else its advertised host. */
export function hostOfBroker(
  settings: RollSettings,
  steps: readonly RestartStep[],
  broker: number,
): string {
  const target =
    settings.inventory[String(broker)] ?? steps.find((step) => step.broker === broker)?.host
  if (target !== undefined && target !== '') return target
  throw new OperatorError({
    code: 'HOST_UNKNOWN',
    message: `no host is known for broker ${broker}`,
    nextSteps: ['name it in a file for --inventory'],
    exit: 'usage',
  })
}

/** What the functions of a roll are made from. */
export interface RollTools {
  readonly context: WriteContext
  readonly settings: RollSettings
  readonly steps: readonly RestartStep[]
  /** The cluster as it was when the run began. */
  readonly snapshot: Snapshot
  readonly hosts: HostConnector
  readonly journal: Journal
  readonly signal: AbortSignal
  readonly say: (event: RollEvent) => void
  readonly askToGoOn: (question: string) => Promise<boolean>
}

/** Asks one broker directly; any refusal or silence is a no. */
async function pingOne(reader: ClusterReader, broker: number): Promise<boolean> {
  const answer = await reader.pingBroker(broker)
  return answer.ok
}

async function quietly<T, F>(work: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await work
  } catch (error) {
    if (error instanceof OperatorError && error.exit === 'unreachable') return fallback
    throw error
  }
}

/** Brokers in the order in which they are asked: those that restart now, or just did, come last. */
function orderToAsk(ids: readonly number[], avoid: ReadonlySet<number>): readonly number[] {
  return [...ids.filter((id) => !avoid.has(id)), ...ids.filter((id) => avoid.has(id))]
}

function checkConsumers(tools: RollTools, windowMs: number): Promise<readonly GroupHealth[]> {
  const { consumerGroups, burrow } = tools.settings
  const choice = { burrow: burrow ?? undefined, minComplete: 1, windowMs }
  return withConsumerSource(
    choice,
    () => Promise.resolve(tools.context),
    (source) => source.check(consumerGroups),
  )
}

/** The lag of all watched groups together; null when one of them cannot be told, for then the sum means nothing. */
async function readLag(tools: RollTools): Promise<number | null> {
  if (tools.settings.consumerGroups.length === 0) return null
  const lags = (await checkConsumers(tools, LAG_WINDOW_MS)).map(({ totalLag }) => totalLag)
  return lags.reduce((sum, lag) => (sum === null || lag === null ? null : sum + lag), 0)
}

async function findUnknownGroups(tools: RollTools): Promise<readonly string[]> {
  if (tools.settings.consumerGroups.length === 0) return []
  const groups = await checkConsumers(tools, LAG_WINDOW_MS)
  return groups.filter(({ status }) => status === 'NOTFOUND').map(({ groupId }) => groupId)
}

async function describeConsumers(tools: RollTools): Promise<string | null> {
  if (tools.settings.consumerGroups.length === 0) return null
  const groups = await checkConsumers(tools, CONSUMER_WINDOW_MS)
  const sick = groups.filter((group) => group.status !== 'OK')
  return sick.length === 0 ? null : sick.map((group) => `${group.groupId} ${group.why}`).join('; ')
}

/** With KRaft a quorum that does not answer is not one that does not exist. */
async function readQuorum({ context, snapshot }: RollTools): ReturnType<RollDeps['quorum']> {
  if (snapshot.cluster.metadata === 'zookeeper') return null
  return quietly(
    context.withReader((reader) => reader.readQuorum()),
    'unknown' as const,
  )
}

function isController({ steps }: RollTools, id: number): boolean {
  return steps.some(({ broker, role }) => broker === id && role === 'controller')
}

/** A controller that is no broker has no listener for us: the leader of the quorum tells how it is. */
async function answers(tools: RollTools, broker: number): Promise<boolean> {
  if (isController(tools, broker)) return keepsUp(await readQuorum(tools), broker)
  return quietly(
    tools.context.withReader((reader) => pingOne(reader, broker)),
    false,
  )
}

function sample({ context }: RollTools, avoid: ReadonlySet<number>): Promise<readonly Snapshot[]> {
  return quietly(
    context.withReader(async (reader) => {
      const { brokers } = await reader.readMetadata()
      const askInOrder = orderToAsk(
        brokers.map((broker) => broker.id),
        avoid,
      )
      return readGateSamples(reader, { clock: systemClock, askInOrder, wanted: 2 })
    }),
    [],
  )
}

function reorder(
  { context }: RollTools,
  partitions: readonly DrainedPartition[],
): Promise<readonly WriteOutcome[]> {
  const requests = partitions.map((partition) => ({
    ...partition,
    allowReplicationFactorChange: false,
  }))
  return context.withWriter((writer) => writer.submitReassignments(requests))
}

/**
 * The functions by which a roll acts on the world. Each look at the cluster opens connections of its own: a connection that
 * remembers a broker as hung would never see it come back.
 */
export function openRollDeps(tools: RollTools): RollDeps {
  const { context, settings, steps, hosts, journal } = tools
  return {
    clock: systemClock,
    signal: tools.signal,
    say: tools.say,
    connect: (broker) => hosts.connect(hostOfBroker(settings, steps, broker)),
    runLocally: runLocal,
    serviceOf: (broker) =>
      serviceOfBroker(settings, broker, isController(tools, broker) ? 'controller' : undefined),
    sample: (avoid) => sample(tools, avoid),
    quorum: () => readQuorum(tools),
    answers: (broker) => answers(tools, broker),
    electPreferred: (partitions) =>
      context.withWriter((writer) => writer.electPreferredLeaders(partitions)),
    reorder: (partitions) => reorder(tools, partitions),
    record: (fact) => journal.append([{ type: 'restart', at: new Date().toISOString(), ...fact }]),
    consumersWaitFor: () => describeConsumers(tools),
    consumerLag: () => readLag(tools),
    unknownGroups: () => findUnknownGroups(tools),
    askToGoOn: tools.askToGoOn,
    appendRates: () =>
      quietly(
        context.withReader((reader) => readAppendRates(reader, systemClock, RATE_INTERVAL_MS)),
        null,
      ),
  }
}
