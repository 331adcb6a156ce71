import type { Snapshot } from '../model/snapshot.js'
import { explainReplicas } from './reasons/explain-replicas.js'
import type { Cause, ReplicaReason } from './reasons/reason.js'
import type { SaturationLimits } from './reasons/saturation.js'
import type { JudgedBroker } from './verdict/judge-broker.js'
import { judgeBrokers } from './verdict/judge-brokers.js'

/** What a diagnosis is asked with: when a broker is dead, and when a network is full. */
export interface DiagnosisOptions extends SaturationLimits {
  readonly minDeadForMs?: number
}

/** The verdict on every broker, and the reason of every replica that is not as it should be. */
export interface Diagnosis {
  readonly verdicts: ReadonlyMap<number, JudgedBroker>
  readonly reasons: readonly ReplicaReason[]
}

/** Verdicts first, and reasons from them. */
export function diagnose(snapshot: Snapshot, options: DiagnosisOptions = {}): Diagnosis {
  const verdicts = judgeBrokers(snapshot, options.minDeadForMs)
  return { verdicts, reasons: explainReplicas(snapshot, verdicts, options) }
}

/** Replicas of one broker that share one cause. */
export interface ReasonGroup {
  readonly broker: number
  readonly cause: Cause
  /** As `topic-partition`. */
  readonly partitions: readonly string[]
}

/** Reasons by broker and cause, in order of the broker's id and of first appearance. */
export function groupReasons(reasons: readonly ReplicaReason[]): readonly ReasonGroup[] {
  const groups = new Map<number, Map<Cause, string[]>>()
  for (const { broker, cause, subject } of reasons) {
    const byCause = groups.get(broker) ?? new Map<Cause, string[]>()
    groups.set(broker, byCause)
    const partitions = byCause.get(cause) ?? []
    byCause.set(cause, partitions)
    partitions.push(subject)
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .flatMap(([broker, byCause]) =>
      [...byCause].map(([cause, partitions]) => ({ broker, cause, partitions })),
    )
}
