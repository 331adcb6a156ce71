import type { Snapshot } from '../model/snapshot.js'
import type { Finding } from '../plan/plan.js'
import { findSettingRisks, RISKY_SETTINGS } from '../planners/roll/roll-settings-findings.js'
import type { ReadContext } from './read-context.js'

/** Asks the living brokers for the settings that matter to a restart; warnings only, a roll may go on with them. */
export async function readSettingRisks(
  context: ReadContext,
  snapshot: Snapshot,
): Promise<readonly Finding[]> {
  const resources = snapshot.brokers
    .filter(({ state }) => state !== 'dead')
    .map(({ id }) => ({ type: 'broker', name: String(id) }) as const)
  const configs = await context.withReader((reader) =>
    reader.readConfigs(resources, RISKY_SETTINGS),
  )
  return findSettingRisks(
    configs.flatMap(({ resource, values }) =>
      values.map(({ name, value }) => ({ broker: Number(resource.name), key: name, value })),
    ),
  )
}
