/** What a rolling restart may do, and in which order. */
export interface RollPolicy {
  /** Brokers to restart, in this order when `order` is `given`; absent means all that are alive. */
  readonly brokers?: readonly number[]
  readonly exclude: readonly number[]
  readonly order: 'given' | 'id' | 'leaders'
  /** Leave the active controller where the order puts it, instead of last. */
  readonly keepOrder: boolean
  /** Whether nodes of the KRaft quorum that are no brokers restart too, and when. */
  readonly controllers: 'no' | 'first' | 'last'
  /** `serial` one at a time; `parallel` any that share no partition at risk; `rack` the same, within one rack. */
  readonly batch: 'serial' | 'parallel' | 'rack'
  readonly maxParallel: number
  /** Share (0 to 1) of all brokers that may be down at once. */
  readonly maxUnavailableShare: number
  /** In-sync replicas wanted above `min.insync.replicas`, where the replication factor allows it. */
  readonly isrMargin: number
  /** Topics (whole-name regular expression) that may go offline while their broker restarts. */
  readonly allowOffline?: RegExp
  /** Topics that may fall below min ISR because their replication factor is not above it. */
  readonly allowBelowMinIsr?: RegExp
  readonly allowReassignments: boolean
}
