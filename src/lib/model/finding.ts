/** How much a finding matters: a blocker stands in the way of the plan. */
export type Severity = 'info' | 'warning' | 'blocker'

/** Something worth telling about the cluster, a broker or a partition. */
export interface Finding {
  readonly code: string
  readonly severity: Severity
  /** `broker 3`, `orders-7`, `cluster prod`. */
  readonly subject: string
  readonly message: string
  readonly nextSteps: readonly string[]
  /** All partitions concerned, as `topic-partition`, where the message names but the first few. */
  readonly partitions?: readonly string[]
}
