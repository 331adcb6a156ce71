import type { Broker } from '../model/snapshot.js'

/** A replica that might be placed: partition and list as they are, who would go (null: nobody), who would come. */
export interface Candidate {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
  readonly leaving: number | null
  readonly to: number
  /** What the replica brings to a broker: bytes per second, and bytes. */
  readonly bytesInPerSec: number
  readonly sizeBytes: number
  /** What it brings besides if it leads; 0 when it would follow. */
  readonly bytesOutPerSec: number
}

/** A resource with a capacity. */
export type LimitedResource = 'in' | 'out' | 'disk'

/** How replicas of a partition may share racks. */
export type RackPolicy = 'spread' | 'strict' | 'even' | 'same-rack'

/** What the rules look at: the cluster, what the policy allows, and where loads stand. */
export interface PlacementContext {
  readonly brokers: ReadonlyMap<number, Broker>
  /** Label of a broker's rack; one without a rack is a rack of its own. */
  rackOf(broker: number): string
  /** Racks with a broker that may hold replicas. */
  readonly racksAlive: number
  readonly rackPolicy: RackPolicy
  readonly excludedBrokers: ReadonlySet<number>
  /** Empty: any. */
  readonly onlyTo: ReadonlySet<number>
  isExcludedTopic(topic: string): boolean
  isInFlight(topic: string, partition: number): boolean
  /** What the broker may carry, undefined without a limit; and what it carries once all else is done. */
  limit(broker: number, resource: LimitedResource): number | undefined
  load(broker: number, resource: LimitedResource): number
  /** Load while old and new copies both exist. */
  peak(broker: number, resource: LimitedResource): number
}

/** What a rule says of a candidate: fine, or the code, the figures, and the flag that lifts it where one does. */
export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly text: string; readonly flag?: string }

/** One condition of a placement. Rules are small and independent, so that every one that fails can be told. */
export interface PlacementRule {
  readonly code: string
  readonly check: (candidate: Candidate, context: PlacementContext) => Verdict
}

/** Nothing against it. */
export const FINE: Verdict = { ok: true }

/** A refusal; `flag` names what an operator may set to lift it. */
export function refused(code: string, text: string, flag?: string): Verdict {
  return { ok: false, code, text, ...(flag === undefined ? {} : { flag }) }
}
