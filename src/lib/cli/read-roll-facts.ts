import { measureRestarts } from '../execution/roll/measure-restarts.js'
import type { Snapshot } from '../model/snapshot.js'
import type { Finding } from '../plan/plan.js'
import type { ControllerNode, RollFacts } from '../planners/roll/roll-facts.js'
import { findSettingRisks, RISKY_SETTINGS } from '../planners/roll/roll-settings-findings.js'
import type { QuorumState } from '../ports/cluster-reader.js'
import { openLocalJournals } from './compose-journal.js'
import type { Inventory } from './hosts-flag.js'
import { readInventory } from './read-inventory.js'
import type { ReadContext } from './read-context.js'

/** Restarts that the estimate is made from: the latest ones, since clusters grow. */
const RECENT_RESTARTS = 60
const IMBALANCE = 'leader.imbalance.per.broker.percentage'
const DEFAULT_IMBALANCE_PERCENT = 10

/** Where brokers run: a file of `--inventory`, else klinic.yaml. */
export function inventoryOf(
  flags: { readonly inventory?: string | undefined },
  { settings }: Pick<ReadContext, 'settings'>,
): Inventory {
  return flags.inventory === undefined
    ? (settings.inventory.hosts ?? {})
    : readInventory(flags.inventory)
}

function controllersOf(quorum: QuorumState, snapshot: Snapshot): readonly ControllerNode[] {
  const brokers = new Set(snapshot.brokers.map(({ id }) => id))
  const hosts = new Map((quorum.nodes ?? []).map(({ id, host }) => [id, host]))
  return quorum.voters
    .filter(({ id }) => !brokers.has(id))
    .map(({ id }) => ({ id, host: hosts.get(id) ?? '' }))
}

async function readMeasured(clusterId: string): Promise<readonly number[]> {
  const journals = await openLocalJournals().list(clusterId)
  return journals.flatMap(({ records }) => measureRestarts(records)).slice(0, RECENT_RESTARTS)
}

/** What a roll is planned from beside the snapshot: controllers that are no brokers, the inventory, earlier restarts. */
export async function readRollFacts(
  context: ReadContext,
  snapshot: Snapshot,
  inventory: Inventory,
): Promise<RollFacts> {
  const quorum =
    snapshot.cluster.metadata === 'kraft'
      ? await context.withReader((reader) => reader.readQuorum())
      : null
  return {
    inventory: Object.keys(inventory).map(Number),
    measuredSeconds: await readMeasured(snapshot.cluster.id),
    controllers: quorum === null ? [] : controllersOf(quorum, snapshot),
  }
}

/** What brokers say of settings that matter to a restart. */
export interface BrokerSettings {
  readonly findings: readonly Finding[]
  /** Share (0 to 1) of its preferred partitions that a broker may miss, as the strictest broker has it. */
  readonly maxLeaderImbalance: number
}

/** Asks the living brokers for the settings that matter to a restart. */
export async function readBrokerSettings(
  context: ReadContext,
  snapshot: Snapshot,
): Promise<BrokerSettings> {
  const resources = snapshot.brokers
    .filter(({ state }) => state !== 'dead')
    .map(({ id }) => ({ type: 'broker', name: String(id) }) as const)
  const configs = await context.withReader((reader) =>
    reader.readConfigs(resources, [...RISKY_SETTINGS, IMBALANCE]),
  )
  const settings = configs.flatMap(({ resource, values }) =>
    values.map(({ name, value }) => ({ broker: Number(resource.name), key: name, value })),
  )
  const limits = settings
    .filter(({ key, value }) => key === IMBALANCE && value !== null && value !== '')
    .map(({ value }) => Number(value))
    .filter((percent) => !Number.isNaN(percent))
  const percent = limits.length === 0 ? DEFAULT_IMBALANCE_PERCENT : Math.min(...limits)
  return { findings: findSettingRisks(settings), maxLeaderImbalance: percent / 100 }
}
