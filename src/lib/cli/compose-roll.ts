import { systemClock } from '../adapters/system/clock.js'
import { openHosts } from '../adapters/ssh/open-hosts.js'
import type { SshOverrides } from '../adapters/ssh/read-ssh-config.js'
import { runLocal } from '../adapters/local/run-local.js'
import { OperatorError } from '../errors/operator-error.js'
import type { RollDeps, RollEvent } from '../execution/roll/roll-deps.js'
import type { RollSettings } from '../execution/roll/roll-settings.js'
import { serviceCommands, type ServiceCommands } from '../execution/roll/service-manager.js'
import type { RestartStep } from '../plan/plan.js'
import type { ClusterReader } from '../ports/cluster-reader.js'
import type { HostConnector } from '../ports/hosts.js'
import type { Journal } from '../ports/journal.js'
import { readGateSamples } from '../reading/read-gate-samples.js'
import { withConsumerSource } from './compose-consumers.js'
import type { WriteContext } from './write-context.js'

/** SSH flags as a command got them. */
export interface SshValues {
  readonly 'ssh-user'?: string | undefined
  readonly 'ssh-config'?: string | undefined
  readonly 'identity-file'?: readonly string[] | undefined
  readonly 'known-hosts'?: readonly string[] | undefined
  readonly 'accept-new-host-keys'?: boolean
  readonly 'prompt-for-passphrase'?: boolean
}

const CONNECT_TIMEOUT_MS = 15_000
const CONSUMER_WINDOW_MS = 20_000

/** A connector for the operator's hosts; a passphrase comes from the environment or a prompt, and is remembered. */
export function openRollHosts(
  flags: SshValues,
  ask: ((what: string) => Promise<string>) | null,
): HostConnector {
  const asked = new Map<string, Promise<string>>()
  const passphraseOf = async (file: string): Promise<string | undefined> => {
    const given = process.env['KLINIC_SSH_PASSPHRASE']
    if (given !== undefined) return given
    if (flags['prompt-for-passphrase'] !== true || ask === null) return undefined
    const known = asked.get(file) ?? ask(`Passphrase of ${file}`)
    asked.set(file, known)
    return known
  }
  const overrides: SshOverrides = {
    ...(flags['ssh-config'] === undefined ? {} : { configFile: flags['ssh-config'] }),
    ...(flags['ssh-user'] === undefined ? {} : { user: flags['ssh-user'] }),
    ...(flags['identity-file'] === undefined ? {} : { identityFiles: flags['identity-file'] }),
    ...(flags['known-hosts'] === undefined ? {} : { knownHostsFiles: flags['known-hosts'] }),
  }
  const hostKeys = flags['accept-new-host-keys'] === true ? 'accept-new' : 'strict'
  return openHosts({ hostKeys, connectTimeoutMs: CONNECT_TIMEOUT_MS, passphraseOf }, overrides)
}

/** Replaces `{broker}` in the operator's names and commands by the broker's id. */
export function serviceOfBroker(settings: RollSettings, broker: number): ServiceCommands {
  const fill = (text: string): string => text.replaceAll('{broker}', String(broker))
  const { stop, start, status } = settings.templates
  const templates = {
    ...(stop === undefined ? {} : { stop: fill(stop) }),
    ...(start === undefined ? {} : { start: fill(start) }),
    ...(status === undefined ? {} : { status: fill(status) }),
  }
  return serviceCommands(settings.manager, fill(settings.service), templates, settings.sudo)
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
  readonly hosts: HostConnector
  readonly journal: Journal
  readonly signal: AbortSignal
  readonly say: (event: RollEvent) => void
}

/** Asks one broker directly; any refusal or silence is a no. */
async function pingOne(reader: ClusterReader, broker: number): Promise<boolean> {
  const answer = await reader.pingBroker(broker)
  return answer.ok
}

async function quietly<T>(work: Promise<T>, fallback: T): Promise<T> {
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

async function describeConsumers(tools: RollTools): Promise<string | null> {
  const { consumerGroups, burrow } = tools.settings
  if (consumerGroups.length === 0) return null
  const choice = { burrow: burrow ?? undefined, minComplete: 1, windowMs: CONSUMER_WINDOW_MS }
  const groups = await withConsumerSource(
    choice,
    () => Promise.resolve(tools.context),
    (source) => source.check(consumerGroups),
  )
  const sick = groups.filter((group) => group.status !== 'OK')
  return sick.length === 0 ? null : sick.map((group) => `${group.groupId} ${group.why}`).join('; ')
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
    serviceOf: (broker) => serviceOfBroker(settings, broker),
    sample: (avoid) =>
      quietly(
        context.withReader(async (reader) => {
          const { brokers } = await reader.readMetadata()
          const askInOrder = orderToAsk(
            brokers.map((broker) => broker.id),
            avoid,
          )
          return readGateSamples(reader, { clock: systemClock, askInOrder, wanted: 2 })
        }),
        [],
      ),
    quorum: () =>
      quietly(
        context.withReader((reader) => reader.readQuorum()),
        null,
      ),
    answers: (broker) =>
      quietly(
        context.withReader((reader) => pingOne(reader, broker)),
        false,
      ),
    electPreferred: (partitions) =>
      context.withWriter((writer) => writer.electPreferredLeaders(partitions)),
    record: (fact) => journal.append([{ type: 'restart', at: new Date().toISOString(), ...fact }]),
    consumersWaitFor: () => describeConsumers(tools),
  }
}
