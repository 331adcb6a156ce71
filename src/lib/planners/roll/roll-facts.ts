/** A node of the KRaft quorum that is no broker; `host` is empty where the cluster does not tell it. */
export interface ControllerNode {
  readonly id: number
  readonly host: string
}

/** What a roll is planned from beside the snapshot, as far as it is known. */
export interface RollFacts {
  /** Absent with ZooKeeper, or when nobody could be asked. */
  readonly controllers?: readonly ControllerNode[]
  /** Ids of the operator's inventory: a broker that is only there is missing from the cluster. */
  readonly inventory?: readonly number[]
  /** Seconds that restarts of earlier rolls took. */
  readonly measuredSeconds?: readonly number[]
}
