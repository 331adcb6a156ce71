import { OperatorError } from '../errors/operator-error.js'
import type { Snapshot } from '../model/snapshot.js'
import { importKafkaJson } from '../plan/import-kafka-json.js'
import type { Plan } from '../plan/plan.js'
import { refusePartialView } from '../reading/refuse-partial-view.js'
import { readPlanSource, type PlanSource } from './compose-files.js'
import { readSnapshotFrom } from './compose-snapshot.js'

/** A plan as it stands, or Kafka's JSON made into one for this cluster. */
export function planOfSource(
  source: PlanSource,
  snapshot: Snapshot,
  allowReplicationFactorChange: boolean,
): Plan {
  if (source.kind === 'plan') return source.plan
  try {
    return importKafkaJson(source.text, source.name, snapshot, { allowReplicationFactorChange })
  } catch (error) {
    // What a principal may not see looks to it as if it were not there.
    refusePartialView(snapshot)
    throw error
  }
}

/** Reads a plan file without a cluster; Kafka's JSON needs the snapshot that it is for. */
export async function readPlanFor(
  file: string,
  snapshotFile: string | undefined,
): Promise<{ readonly plan: Plan; readonly snapshot: Snapshot | null }> {
  const source = await readPlanSource(file)
  const snapshot = snapshotFile === undefined ? null : await readSnapshotFrom(snapshotFile)
  if (source.kind === 'plan') return { plan: source.plan, snapshot }
  if (snapshot === null) {
    throw new OperatorError({
      code: 'SNAPSHOT_NEEDED',
      message: `${source.name} is Kafka's reassignment JSON: it says where replicas go, not where they are`,
      nextSteps: [
        `klinic plan show ${file} --from-snapshot FILE`,
        `klinic plan validate ${file} --cluster NAME`,
      ],
      exit: 'usage',
    })
  }
  return { plan: planOfSource(source, snapshot, true), snapshot }
}
